"""T of comp-sum losses over all scores, by the swap of two coordinates (rule ``h_transform_comp_sum``)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.engines.one_score import minimisers
from losscheck.engines.swaps import Band, Swaps
from losscheck.expr.build import ONE, const, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import comp_sum, scales
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

TOLERANCE = Fraction(1, 10**10)
HALF = Fraction(1, 2)
MESSAGE = "T is the two-class value from above; from below the swap of two coordinates gains as much at every tie."


def bands_json(bands: Sequence[Band]) -> list[Any]:
    """Bands as a certificate holds them."""
    return [[q(p), None if tie is None else q(tie), [[q(b), q(m)] for b, m in cells]] for p, tie, cells in bands]


def _swaps(phi: Expr, k: int, ts: Sequence[float], high: Sequence[float]) -> list[dict[str, Any]]:
    def value(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return evaluate([phi], {"s": x})[0]

    slope = derivative(phi, "s")
    parts = []
    for t, top in zip(ts, high, strict=True):
        swaps = Swaps(value, lambda x: evaluate([slope], {"s": x})[0], Fraction(repr(t)), k)
        least = swaps.least_gain()
        for low in (top - 3e-9, least - 1e-6, 0.9 * least):
            found = swaps.bands(low + 1e-10) if low > 0 else None
            if found:
                parts.append({"low": q(Fraction(low)), "bands": bands_json(found)})
                break
        else:
            parts.append({"low": "0", "bands": []})
    return parts


def profiles(lifted: Lifted) -> list[tuple[Fraction, Expr]]:
    """Readings of the loss as phi(softmax(alpha z)_y)."""
    found = []
    for choice in choices(lifted.roots):
        for alpha in scales(chosen(lifted.roots, choice)):
            read = comp_sum(lifted, alpha, choice)
            if read is not None:
                found.append((alpha, read[0]))
    return found


def h_transform_comp_sum(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None; the lower bound may be lower than T."""
    if lifted.kind != "logits" or not hypotheses(text).everything:
        return None
    k = len(lifted.variables)
    exact = [Fraction(repr(t)) for t in ts]
    for alpha, phi in profiles(lifted):
        s = var("s", "unit")
        half = substitute([phi], {s: const(HALF)})[0]
        right, wrong = (substitute([phi], {s: x})[0] for x in (sub(ONE, s), s))
        points = minimisers(right, wrong, "s", [(1 + t) / 2 for t in exact], HALF, [])
        shifted = [1 - x for x in points]
        at = np.array([float(x) for x in shifted])
        (a,), (b,) = evaluate([phi], {"s": at}), evaluate([phi], {"s": 1 - at})
        (tie,) = evaluate([half], {"s": at})
        weights = np.array([float(t) for t in exact])
        with np.errstate(all="ignore"):
            high = tie - (1 + weights) / 2 * a - np.where(weights < 1, (1 - weights) / 2 * b, 0)
        proof = {
            "rule": "h_transform_comp_sum", "hypotheses": text, "t": list(ts), "alpha": q(alpha),
            "own": graph_json([phi]), "tolerance": q(TOLERANCE), "points": [q(x) for x in shifted],
            "swaps": _swaps(phi, k, ts, high.tolist()),
        }  # fmt: skip
        found = prove(lifted, "h_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
