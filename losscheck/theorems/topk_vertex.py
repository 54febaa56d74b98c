"""Comp-sum losses whose best scores favour one class and tie the others. Rule ``topk_vertex_witness``."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome


@np.errstate(all="ignore")
def lines(phi: Expr) -> tuple[Fraction, Fraction] | None:
    """``(a, b)``: the least slope of chords of phi to 1 and the largest to 0, a little to the safe side; else None."""
    s = np.concatenate([np.geomspace(1e-7, 0.5, 300), 1 - np.geomspace(1e-7, 0.5, 300)])
    (inner,) = evaluate([phi], {"s": s})
    bottom, top = evaluate([phi], {"s": np.array([0.0, 1.0])})[0]
    near, away = (inner - top) / (1 - s), (bottom - inner) / s
    if not (np.all(np.isfinite(near)) and np.all(np.isfinite(away))):
        return None
    low, high = float(near.min()), max(float(away.max()), 0.0)
    if low < 1e-4 or high > 1e4:  # floats next to the ends say no more
        return None
    a, b = (Fraction(x).limit_denominator(1000) for x in (low, high))
    exact = abs(float(a) - low) < 1e-8 and abs(float(b) - high) < 1e-8
    return (a, b) if exact else (Fraction(low * 0.999), Fraction(high * 1.001))


def topk_vertex(lifted: Lifted, k: int) -> Outcome | None:
    """Refute top-k calibration of ``phi(softmax(alpha z)_y)`` with finite slopes of phi at 0 and below 0 at 1."""
    n = len(lifted.variables)
    if not 2 <= k < n:
        return None
    for alpha in scales(list(lifted.roots)):
        phi = read(on_curve(lifted.variables, 0, alpha), lifted.roots[0], ["s"])  # floats stay: every choice counts
        found = lines(phi) if phi else None
        if phi is None or found is None:
            continue
        a, b = (x.limit_denominator(10**6) for x in found)
        first = max(ceil(b / a * (n - 1)), n)
        total = first + n * (n - 1) // 2
        p = [q(Fraction(x, total)) for x in (first, *range(n - 1, 0, -1))]
        proof = {
            "rule": "topk_vertex_witness", "k": k, "alpha": q(alpha), "own": graph_json([phi]), "a": q(a), "b": q(b),
            "breaks": breakpoints(phi, "s", "unit", balls=True), "p": p,
        }  # fmt: skip
        message = f"At p = ({', '.join(p)}) all probability on class 0 is best, and ties the others: no top {k}."
        witness = {"p": p, "direction": ["1", *["0"] * (n - 1)]}
        if made := refute(lifted, "topk_calibrated", proof, message=message, witness=witness):
            return made
    return None
