"""Comp-sum losses with bends, lowest where the top class is tied: on an edge of the simplex, or at a kink.

The prover tries few points c: a tied value (1/m, or a kink), the rest filled up in the order of p; the verifier checks
that no score beats c.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import Hint, breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.engines.risk import distributions
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome

MOST, NEAR = 12, 1e-9


def edges(p: list[Fraction], kinks: list[Fraction]) -> Iterator[list[Fraction]]:
    """Points of the simplex that are wrong for p: a rival of the top class has a value, nothing has more."""
    k, t = len(p), p.index(max(p))
    order = sorted(range(k), key=lambda y: (-p[y], y))
    for value in [*(Fraction(1, m) for m in range(2, k + 1)), *kinks]:
        for rival in order:
            if rival == t:
                continue
            c, left = [Fraction(0)] * k, Fraction(1)
            for y in (rival, *(y for y in order if y != rival)):
                c[y] = min(value, left) if p[y] else Fraction(0)
                left -= c[y]
            if left == 0:
                yield c


def level(slopes: list[Expr], p: list[Fraction], c: list[Fraction]) -> Fraction | None:
    """A number whose quotients by p may be (negative) subgradients at every c_y, simple if possible."""
    low, high = 0.0, np.inf
    for d, w, x in zip(slopes, map(float, p), map(float, c), strict=True):
        if not w:
            continue
        left, right = (float(evaluate([d], {"s": np.array(x + side * NEAR)})[0]) for side in (-1, 1))
        low = max(low, -w * right) if x < 1 else low
        high = min(high, -w * left) if x > 0 else high
    if not low <= high + 1e-6 or not np.isfinite(low):
        return None
    return next(
        (
            guess for n in (10, 100, 10**4, 10**9)
            for at in ((low + high) / 2 if np.isfinite(high) else low + 1, low, high)
            if np.isfinite(at) and low - 1e-7 <= (guess := Fraction(at).limit_denominator(n)) <= high + 1e-7
        ),
        None,
    )  # fmt: skip


def refuted_on_edge(lifted: Lifted) -> Outcome | None:
    """Refute calibration of a comp-sum loss, with class weights or without, that has kinks; or return None."""
    for alpha in scales(list(lifted.roots)):
        found = [read(on_curve(lifted.variables, y, alpha), root, ["s"]) for y, root in enumerate(lifted.roots)]
        own = [a for a in found if a is not None]
        if len(own) < len(found):
            continue
        hints: list[list[Hint]] = [breakpoints(a, "s", "unit", balls=True) for a in own]
        if not any(hints):
            continue
        slopes = [derivative(a, "s") for a in own]
        kinks = sorted({Fraction(h) for line in hints for h in line if isinstance(h, str)})
        tries = ((p, c) for p in distributions(len(own)) if p.count(max(p)) == 1 for c in edges(p, kinks))
        levels = ((p, c, at) for p, c in tries if (at := level(slopes, p, c)) is not None)
        for p, c, at in islice(levels, MOST):
            proof = {
                "rule": "calibrated_edge_witness", "alpha": q(alpha), "own": [graph_json([a]) for a in own],
                "breaks": hints, "p": [q(x) for x in p], "c": [q(x) for x in c], "level": q(at),
            }  # fmt: skip
            where, best = (", ".join(map(str, x)) for x in (p, c))
            message = (
                f"At p = ({where}) no scores have a lower risk than those whose softmax tends to ({best}), along which "
                f"class {p.index(max(p))}, the most likely one, is not alone at the top."
            )
            witness = {"p": proof["p"], "softmax": proof["c"]}
            outcome = refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
            if outcome:
                return outcome
    return None
