"""What a family hands out: a loss as a graph, and what is true of it by its construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import parse_identifier
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.verdict import Outcome

V = b.var("v")
weights = st.sampled_from([Fraction(n, d) for n in (1, 2, 3, 5) for d in (1, 2, 4, 7)])
places = st.sampled_from([Fraction(n, d) for n in range(-4, 5) for d in (1, 2, 3)])


@dataclass(frozen=True)
class Drawn:
    """One random loss: its graph, and for ids of findings True, False or a number."""

    lifted: Lifted
    truths: Mapping[str, Any]


def margin(phi: Expr) -> Lifted:
    """The margin loss phi(v)."""
    return Lifted("margin", None, (1,), ("v",), "real", (phi,))


def scores(roots: list[Expr], kind: str = "logits") -> Lifted:
    """The loss of K scores (or probabilities) with one graph for each label."""
    letter, domain = ("p", "simplex") if kind == "simplex" else ("z", "real")
    classes = tuple(range(len(roots)))
    return Lifted(kind, len(roots), classes, tuple(f"{letter}{i}" for i in classes), domain, tuple(roots))


def ask(lifted: Lifted, name: str) -> Outcome:
    """Ask the property that the id of a finding names."""
    wanted = parse_identifier(name)
    entry = properties()[wanted.property]
    with np.errstate(all="ignore"):  # the search meets overflow on purpose
        answered: Outcome = entry.answer(lifted, **{**entry.params, **wanted.params})
    return answered
