"""What kernels are held to: values and gradients in ball arithmetic, and distances in ulp."""

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

ctx.prec = 320
Pair = tuple[arb, list[arb]]


def exact(x: Any) -> arb:
    return arb(float(x))


def ulps(got: Any, true: arb, dtype: Any, least: float = 0.0) -> float:
    """Distance in units in the last place of the exact result, or of ``least`` where that is larger."""
    size = max(abs(float(true)), least)
    highest = float(np.finfo(dtype).max)
    if size > highest:
        return 0.0 if abs(float(got)) in (np.inf, highest) else np.inf
    unit = float(np.spacing(np.asarray(size, dtype)))
    if np.isinf(got):  # what lies within a unit of the largest number may round up to infinity
        return 1.0 if highest - size < unit else np.inf
    return float(abs(exact(got) - true).mid()) / unit


def odds(z: list[arb], y: int) -> tuple[arb, arb, arb, list[arb]]:
    """log p, p, q = 1 - p and the shares of the others."""
    gaps = [zj - z[y] for zj in z]
    s = sum((g.exp() for j, g in enumerate(gaps) if j != y), arb(0))
    return -s.log1p(), 1 / (1 + s), s / (1 + s), [g.exp() / s if j != y else arb(-1) for j, g in enumerate(gaps)]


def by_slope(tail: Callable[..., tuple[arb, arb]]) -> Callable[..., Pair]:
    def loss(z: list[arb], y: int, *parameters: Any) -> Pair:
        log_p, p, q, shares = odds(z, y)
        if len(z) == 1:
            return arb(0), [arb(0)]
        value, slope = tail(log_p, p, q, *parameters)
        return value, [-slope * share for share in shares]

    return loss


def _power(base: arb, exponent: Any) -> arb:
    return (base.log() * exact(exponent)).exp() if exponent else arb(1)


def _focal(log_p: arb, p: arb, q: arb, gamma: float) -> tuple[arb, arb]:
    weight = _power(q, gamma)
    return -weight * log_p, weight * (exact(gamma) * p * log_p - q)


def _gce(log_p: arb, p: arb, q: arb, power: float) -> tuple[arb, arb]:
    return -(exact(power) * log_p).expm1() / exact(power), -_power(p, power) * q


def _comp_sum(log_p: arb, p: arb, q: arb, tau: float) -> tuple[arb, arb]:
    if tau == 1:
        return -log_p, -q
    rest = 1 - exact(tau)
    return (-rest * log_p).expm1() / rest, -(-rest * log_p).exp() * q


def crammer_singer(z: list[arb], y: int) -> Pair:
    others = [j for j in range(len(z)) if j != y]
    grad = [arb(0)] * len(z)
    if not others:
        return arb(0), grad
    rival = max(others, key=lambda j: (float(z[j]), -j))
    value = 1 + z[rival] - z[y]
    if not value > 0:
        return arb(0), grad
    grad[rival], grad[y] = arb(1), arb(-1)
    return value, grad


def weston_watkins(z: list[arb], y: int) -> Pair:
    hit = [j for j in range(len(z)) if j != y and 1 + z[j] - z[y] > 0]
    grad = [arb(1 if j in hit else 0) for j in range(len(z))]
    grad[y] = arb(-len(hit))
    return sum((1 + z[j] - z[y] for j in hit), arb(0)), grad


def sparsemax(z: list[arb], y: int) -> Pair:
    order = sorted(range(len(z)), key=lambda j: -float(z[j]))
    total = arb(0)
    tau = arb(0)
    for n, j in enumerate(order, 1):
        if n > 1 and not 1 + n * z[j] > total + z[j]:
            break
        total += z[j]
        tau = (total - 1) / n
    p = [zj - tau if zj > tau else arb(0) for zj in z]
    value = arb(fmpq(1, 2)) - z[y] + sum((zj**2 - tau**2 for zj, pj in zip(z, p, strict=True) if pj > 0), arb(0)) / 2
    return value, [pj - (1 if j == y else 0) for j, pj in enumerate(p)]


def label_smoothing(z: list[arb], y: int, epsilon: float) -> Pair:
    log_p, _, _, _ = odds(z, y)
    k, eps = len(z), exact(epsilon)
    total = sum(((zj - z[y]).exp() for zj in z), arb(0))
    value = -log_p + eps * (z[y] - sum(z, arb(0)) / k)
    grad = [(zj - z[y]).exp() / total - eps / k - ((1 - eps) if j == y else 0) for j, zj in enumerate(z)]
    return value, grad


ROWS: dict[str, Callable[..., Pair]] = {
    "cross_entropy": by_slope(lambda log_p, p, q: (-log_p, -q)),
    "focal": by_slope(_focal),
    "generalized_cross_entropy": by_slope(_gce),
    "poly1": by_slope(lambda log_p, p, q, eps: (-log_p + exact(eps) * q, -q * (1 + exact(eps) * p))),
    "comp_sum": by_slope(_comp_sum),
    "label_smoothing": label_smoothing,
    "crammer_singer": crammer_singer,
    "weston_watkins": weston_watkins,
    "sparsemax": sparsemax,
}
PARAMETERS: dict[str, list[tuple[float, ...]]] = {
    "focal": [(2.0,), (0.5,), (0.0,), (5.0,)],
    "generalized_cross_entropy": [(0.7,), (1.0,), (0.1,)],
    "poly1": [(1.0,), (0.0,)],
    "comp_sum": [(0.0,), (0.5,), (1.0,), (1.5,), (2.0,)],
    "label_smoothing": [(0.1,), (0.0,), (0.5,)],
}


def maps(z: list[arb], name: str) -> list[arb]:
    """softmax and log_softmax of a row."""
    top = max(z, key=float)
    total = sum(((zj - top).exp() for zj in z), arb(0))
    if name == "softmax":
        return [(zj - top).exp() / total for zj in z]
    first = z.index(top)
    rest = sum(((zj - top).exp() for j, zj in enumerate(z) if j != first), arb(0))
    return [zj - top - rest.log1p() for zj in z]


def logsumexp(z: list[arb]) -> arb:
    top = max(z, key=float)
    return top + sum(((zj - top).exp() for zj in z), arb(0)).log()
