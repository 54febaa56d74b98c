"""T of comp-sum losses over all scores, by the swap of two coordinates (rule ``h_transform_comp_sum``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from losscheck.theorems.calibrated_comp_sum import comp_sum, matches, scales
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

HALF = Fraction(1, 2)
WORST_AT_HALF = "T is the two-class value for this number of classes: of all ties that at 1/2 is the worst."
MESSAGE = "T is the two-class value from above; from below the swap of two coordinates gains as much at every tie."


def bands_json(bands: Sequence[Band]) -> list[Any]:
    """Bands as a certificate holds them."""
    return [[q(p), None if tie is None else q(tie), [[q(b), q(m)] for b, m in cells]] for p, tie, cells in bands]


def convex_from(phi: Expr, k: int) -> Fraction | None:
    """From where on -1/phi' looks convex, if that is before 1/K and the tie at 1/2 may be the worst one."""
    s = np.linspace(0, 1, 1025)[1:-1]
    with np.errstate(all="ignore"):
        rho = np.broadcast_to(-1 / evaluate([derivative(phi, "s")], {"s": s})[0], s.shape)
    concave = np.flatnonzero(np.diff(rho, 2) < -1e-12)
    if not concave.size:
        return Fraction(0)
    start = Fraction(round(1.2 * float(s[concave[-1] + 2]) * 256) + 1, 256)
    return start if start < Fraction(1, k) else None


def _swaps(phi: Expr, k: int, ts: Sequence[float], high: Sequence[float]) -> list[dict[str, Any]]:
    def value(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return evaluate([phi], {"s": x})[0]

    def slope(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return evaluate([first], {"s": x})[0]

    first, parts = derivative(phi, "s"), []
    for t, top in zip(ts, high, strict=True):
        swaps = Swaps(value, slope, Fraction(repr(t)), k)
        least = swaps.least_gain()
        for low in (top - 5e-8, least - 1e-6, 0.9 * least):
            found = swaps.bands(low + 1e-10) if low > 0 else None
            if found:
                parts.append({"low": q(Fraction(low)), "bands": bands_json(found)})
                break
        else:
            parts.append({"low": "0", "bands": []})
    return parts


def polished(phi: Expr, s: Fraction, t: Fraction) -> Fraction:
    """A zero of the slope of the risk near s, by Newton's method."""
    first = derivative(phi, "s")
    second, x = derivative(first, "s"), float(s)
    a, b = float(1 + t), float(1 - t)
    for _ in range(3 if 0.5 < x < 1 else 0):
        with np.errstate(all="ignore"):
            (d1, d2), (e1, e2) = (evaluate([first, second], {"s": np.array([at])}) for at in (x, 1 - x))
            step = float(np.ravel(a * d1 - b * e1)[0] / np.ravel(a * d2 + b * e2)[0])
        x = x - step if 0.5 < x - step < 1 else x
    return Fraction(x)


def profiles(lifted: Lifted) -> Iterator[tuple[Fraction, Expr]]:
    """Readings of the loss as phi(softmax(alpha z)_y)."""
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        for alpha in scales(roots):
            read = comp_sum(lifted, alpha, choice)
            if read is not None and matches(roots[0], lifted.variables, alpha, read):
                yield alpha, read[0]


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
        shifted = [polished(phi, 1 - x, t) for x, t in zip(points, exact, strict=True)]
        at = np.array([float(x) for x in shifted])
        (a,), (b,) = evaluate([phi], {"s": at}), evaluate([phi], {"s": 1 - at})
        (tie,) = evaluate([half], {"s": at})
        weights = np.array([float(t) for t in exact])
        with np.errstate(all="ignore"):
            high = tie - (1 + weights) / 2 * a - np.where(weights < 1, (1 - weights) / 2 * b, 0)
        proof = {
            "rule": "h_transform_comp_sum", "hypotheses": text, "t": list(ts), "alpha": q(alpha),
            "own": graph_json([phi]), "points": [q(x) for x in shifted],
        }  # fmt: skip
        start = convex_from(phi, k)
        if start is not None:
            found = prove(lifted, "h_transform", {**proof, "convex_from": q(start)}, message=WORST_AT_HALF)
            if found:
                return found
        proof["swaps"] = _swaps(phi, k, ts, high.tolist())
        found = prove(lifted, "h_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
