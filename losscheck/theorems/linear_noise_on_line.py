"""Label noise that turns the minimiser of a linear class round, on two atoms of the line. Rule of the same name."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.binary_risk import sides
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, scale, substitute
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.question import number
from losscheck.verdict import Outcome

PROPERTY = "linear_class_noise_tolerant"
Array = NDArray[np.float64]
HALF = np.geomspace(1e-3, 1e6, 400)
GRID = np.concatenate([-HALF[::-1], [0.0], HALF])
POSITIONS = [Fraction(x) for x in ("1/10", "1/5", "1/3", "1/2", "3/2", "2", "3", "5", "10")]
WEIGHTS = [Fraction(k, 20) for k in range(2, 19) if k != 10]
RATES = [Fraction(x) for x in ("1/10", "1/5", "3/10", "2/5", "9/20")]
LEAST = 1e-4
"""The smallest gap between both sides of 0 that is worth a proof."""
Candidate = tuple[float, Fraction, Fraction, Fraction, int]


def attempt(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Refute tolerance by two atoms of the line, or return None."""
    if params["gamma"] is not None or params["ridge"]:
        return None
    rates = RATES if params["rate"] is None else [number(params["rate"])]
    name, pair = lifted.variables[0], sides(lifted)
    for gap, x, m, rate, sign in sorted(candidates(pair, name, rates), key=lambda c: -c[0])[:3]:
        clean, noisy = (_risk(pair, name, x, m, r) for r in (Fraction(0), rate))
        proof: dict[str, Any] = {
            "rule": "linear_noise_on_line", "params": params, "rate": q(rate), "gamma": None, "ridge": "0",
            "atoms": [["1", q(m), 1], [q(x), q(1 - m), 0]],
            "clean": _lowest(clean, name, sign, gap), "noisy": _lowest(noisy, name, -sign, gap),
        }  # fmt: skip
        errors = (1 - m, m) if sign > 0 else (m, 1 - m)
        message = (
            f"On the points 1 (positive, weight {m}) and {x} (negative, weight {1 - m}) noise of rate {rate} turns the "
            f"minimiser round: it errs with probability {errors[1]} instead of {errors[0]}."
        )
        witness = {"atoms": proof["atoms"], "rate": q(rate)}
        if found := refute(lifted, PROPERTY, proof, message=message, witness=witness):
            return found
    return None


def candidates(pair: tuple[Expr, Expr], name: str, rates: list[Fraction]) -> Iterator[Candidate]:
    """Gaps and atoms for which clean and noisy minimisers look to lie on different sides of 0."""
    one, zero = evaluate(list(pair), {name: GRID})
    below, above = GRID <= 0, GRID >= 0
    for x in POSITIONS:
        far_one, far_zero = evaluate(list(pair), {name: float(x) * GRID})
        for m in WEIGHTS:
            for rate in rates:
                r, k = float(rate), float(m)
                clean = k * one + (1 - k) * far_zero
                noisy = (1 - r) * clean + r * (k * zero + (1 - k) * far_one)
                if not (np.isfinite(clean).all() and np.isfinite(noisy).all()):
                    continue
                gaps = [f[below].min() - f[above].min() for f in (clean, noisy)]
                if gaps[0] * gaps[1] < 0 and min(map(abs, gaps)) > LEAST:
                    yield float(min(map(abs, gaps))), x, m, rate, 1 if gaps[0] > 0 else -1


def _risk(pair: tuple[Expr, Expr], name: str, x: Fraction, m: Fraction, rate: Fraction) -> Expr:
    one, zero = pair
    far_one, far_zero = (_scaled(f, name, x) for f in pair)
    parts = [(m * (1 - rate), one), (m * rate, zero), ((1 - m) * (1 - rate), far_zero), ((1 - m) * rate, far_one)]
    return add(*(scale(c, f) for c, f in parts if c))


def _scaled(f: Expr, name: str, x: Fraction) -> Expr:
    swap = {n: scale(x, n) for n in topological([f]) if n.op == "var" and n.value[0] == name}
    return substitute([f], swap)[0]


def _lowest(f: Expr, name: str, sign: int, gap: float) -> dict[str, Any]:
    """The point of a side nearest to 0 at which the risk is about least there."""
    half: Array = sign * HALF
    y = evaluate([f], {name: half})[0]
    near = half[np.flatnonzero(y <= y.min() + gap / 8)[0]]
    at = Fraction(float(near)).limit_denominator(1000)
    return {
        "at": q(at),
        "gap": q(Fraction(gap / 4).limit_denominator(10**6)),
        "breaks": breakpoints(f, name, balls=True),
    }
