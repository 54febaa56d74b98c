"""Divergences that are a function of the angle between their arguments. Rule ``by_cosine``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import power, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.by_outer import inner
from losscheck.verdict import Outcome


def readings(lifted: Lifted, ask: str) -> Iterator[dict[str, Any]]:
    """Proof nodes for the nodes that are a power of the cosine in floats."""
    (root,) = chosen(lifted.roots, choices(lifted.roots)[0])
    n = len(lifted.variables) // 2
    rng = np.random.default_rng(0)
    p, r = (rng.dirichlet([1.0] * n, 8).T for _ in range(2))
    sample = dict(zip(lifted.variables, [*p, *r], strict=True))
    c = (p * r).sum(0) / np.sqrt((p * p).sum(0) * (r * r).sum(0))
    with np.errstate(all="ignore"):
        times = evaluate([root], sample)[0] / np.log(c)
    if np.all(np.isfinite(times)) and np.ptp(times) < 1e-9:
        yield {
            "rule": "by_cosine",
            "ask": ask,
            "log": q(Fraction(float(times[0])).limit_denominator(1000)),
            "breaks": [],
        }
    for number, core, outer in inner(root):
        with np.errstate(all="ignore"):
            powers = np.log(evaluate([core], sample)[0]) / np.log(c)
        if np.all(np.isfinite(powers)) and np.ptp(powers) < 1e-9 and powers[0] > 0:
            k = Fraction(float(powers[0])).limit_denominator(12)
            (phi,) = substitute([outer], {var("c"): power(var("c", "unit"), k)})
            yield {
                "rule": "by_cosine", "ask": ask, "core": number, "power": q(k),
                "breaks": breakpoints(phi, "c", "unit"),
            }  # fmt: skip


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask`` of a function of the cosine of p and q, or None."""
    message = {
        "nonnegative": "A function of the angle between p and q that is nowhere negative.",
        "identity_of_indiscernibles": "A function of the angle that vanishes at 0 only: for proportional vectors.",
        "bounded_above": "A function that grows with the angle, bounded at right angles.",
        "supremum": "A function that grows with the angle: its limit at right angles, where supports are disjoint.",
    }[ask]
    for proof in readings(lifted, ask):
        if found := prove(lifted, ask, proof, message=message):
            return found
    return None


def unbounded(lifted: Lifted) -> Outcome | None:
    """Refute that a function of the angle is bounded above, or None."""
    for proof in readings(lifted, "bounded_above"):
        message = "The divergence grows without bound as p and q come to be at right angles."
        if found := refute(lifted, "bounded_above", proof, message=message, witness=None):
            return found
    return None
