"""Symmetric losses: the sum over labels is an exact constant, or takes two values."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, candidates, closeness, points
from losscheck.expr.build import add, neg, substitute, var
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome


def label_sum(lifted: Lifted) -> Expr:
    """The sum of the losses over all labels; for a margin loss over both signs."""
    if lifted.kind == "margin":
        (mirrored,) = substitute(lifted.roots, {var("v"): neg(var("v"))})
        return add(lifted.roots[0], mirrored)
    return add(*lifted.roots)


def base_point(lifted: Lifted) -> list[str]:
    """A simple point inside the domain."""
    k = len(lifted.variables)
    return [{"real": "0", "unit": "1/2"}.get(lifted.domain, f"1/{k}")] * k


def attempt(lifted: Lifted, ask: str = "symmetric") -> Outcome | None:
    """Prove that the sum is constant (``ask``: what to conclude from it), or None."""
    message = {
        "symmetric": "The losses of all labels add up to one constant: an exact identity.",
        "symmetric_constant": "The losses of all labels add up to this constant: an exact identity.",
        "class_sum_bounds": "The losses of all labels add up to one constant: an exact identity.",
    }[ask]
    tries: list[Any] = [None]
    if len(lifted.variables) == 1:
        from losscheck.engines.breakpoints import breakpoints

        tries.append(breakpoints(label_sum(lifted), lifted.variables[0], lifted.domain))
    for breaks in tries:
        proof = {"rule": "symmetric_by_identity", "ask": ask, "at": base_point(lifted), "breaks": breaks}
        found = prove(lifted, ask, proof, message=message)
        if found:
            return found
    return None


def refuted(lifted: Lifted) -> Outcome | None:
    """Two points with different sums, or None."""
    sample = points(lifted)
    total = evaluate([label_sum(lifted)], sample)[0]
    finite = np.flatnonzero(np.isfinite(total))
    if not finite.size:
        return None
    start = int(finite[0])
    for k in candidates(np.abs(total - total[start]), closeness(total, np.full_like(total, total[start]))):
        here, there = at(sample, start), at(sample, k)
        proof = {"rule": "label_sum_witness", "at": here, "other": there}
        a, b = float(total[start]), float(total[k])
        message = f"The losses of all labels add up to {a:.6g} at {_text(here)} but to {b:.6g} at {_text(there)}."
        witness = {"at": here, "other": there, "sums": [a, b]}
        found = refute(lifted, "symmetric", proof, message=message, witness=witness)
        if found:
            return found
    return None


def _text(place: list[str]) -> str:
    return f"({', '.join(place)})"
