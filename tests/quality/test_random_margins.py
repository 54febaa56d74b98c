"""Random margin losses: what is proved has no counterexample on a fine grid, what is refuted is false there.

Hypothesis draws sums of pieces (knots, steps, sigmoids, bumps, squares, logarithms) with short coefficients. The grid
is float evidence with a margin of error: it can only contradict a verdict, never establish one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.engines.numeric import evaluate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict

V = b.var("v")
GRID = np.unique(np.concatenate([np.linspace(-60, 60, 24001), np.linspace(-3, 3, 12001), np.geomspace(60, 1e6, 200)]))
GRID = np.unique(np.concatenate([GRID, -GRID]))
ETAS = np.array([0.0, 0.05, 0.2, 0.35, 0.45, 0.49, 0.51, 0.55, 0.65, 0.8, 0.95, 1.0])
NAMES = ("convex", "nonincreasing", "bounded_below", "bounded_above", "symmetric", "classification_calibrated",
         "recovers_probability", "differentiable", "nonnegative")  # fmt: skip

numbers = st.sampled_from([Fraction(n, d) for n in (-3, -2, -1, 1, 2, 3) for d in (1, 2, 4)])


def _atom(name: str, a: Fraction, c: Fraction) -> Expr:
    x = b.add(b.scale(a, V), b.const(c))
    sigmoid = b.exp(b.neg(b.lse([b.ZERO, b.neg(x)])))
    return {
        "line": x,
        "knot": b.maximum([b.ZERO, x]),
        "square knot": b.power(b.maximum([b.ZERO, x]), Fraction(2)),
        "clip": b.minimum([b.ONE, b.maximum([b.ZERO, x])]),
        "step": b.where(b.less(b.ZERO, x), b.ONE, b.ZERO),
        "abs": b.absolute(x),
        "softplus": b.lse([b.ZERO, x]),
        "sigmoid": sigmoid,
        "sigmoid squared": b.power(sigmoid, Fraction(2)),
        "bump": b.exp(b.neg(b.power(x, Fraction(2)))),
        "wave": b.sin(x),
        "angle": b.atan(x),
        "root": b.sqrt(b.add(b.ONE, b.power(x, Fraction(2)))),
        "log": b.log(b.add(b.ONE, b.power(x, Fraction(2)))),
        "exp": b.exp(x),
        "tail": b.log_ndtr(x),
    }[name]


kinds = st.sampled_from([
    "line", "knot", "square knot", "clip", "step", "abs", "softplus", "sigmoid", "sigmoid squared", "bump", "wave",
    "angle", "root", "log", "exp", "tail",
])  # fmt: skip
atoms = st.builds(_atom, kinds, numbers, numbers | st.just(Fraction(0)))
terms = st.builds(b.scale, numbers, atoms)
losses = st.lists(terms, min_size=1, max_size=3).map(lambda ts: b.add(*ts))


def _answer(phi: Expr, name: str) -> Outcome:
    lifted = Lifted("margin", None, (1,), ("v",), "real", (phi,))
    with np.errstate(all="ignore"):  # the search meets overflow on purpose
        answered: Outcome = properties()[name].answer(lifted)
    return answered


def _grid(phi: Expr) -> Any:
    with np.errstate(all="ignore"):
        return evaluate([phi], {"v": GRID})[0]


def _chord_gap(x: Any, y: Any) -> float:
    """The largest amount by which an inner point lies above its chord, against the rounding of the values."""
    weight = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
    over = y[1:-1] - ((1 - weight) * y[:-2] + weight * y[2:])
    scale = 1e-12 * (1 + np.maximum.reduce([np.abs(y[:-2]), np.abs(y[1:-1]), np.abs(y[2:])]))
    return float(np.nanmax(over - 100 * scale))


def _gaps(y: Any) -> Any:
    """``inf over v <= 0 of C - inf C`` on the grid for every eta above 1/2, and mirrored below."""
    out = []
    for eta in ETAS:
        eta, up, down = (eta, y, y[::-1]) if eta > 0.5 else (1 - eta, y, y[::-1])
        risk = eta * up + (1 - eta) * down if 0 < eta < 1 else up
        out.append(np.nanmin(risk[GRID <= 0]) - np.nanmin(risk))
    return np.array(out)


def _contradicted(name: str, verdict: Verdict, phi: Expr) -> str | None:
    y = _grid(phi)
    if not np.isfinite(y).all():
        return None
    proved = verdict is Verdict.PROVED
    inner = np.abs(GRID) < 60
    scale = 1e-9 * (1 + np.abs(y[inner]).max())
    if name == "convex" and proved and _chord_gap(GRID[inner], y[inner]) > 0:
        return "a point lies above its chord"
    if name == "nonincreasing":
        rise = float(np.max(np.diff(y[inner])))
        if proved and rise > scale:
            return f"it rises by {rise}"
    if name == "bounded_below" and proved and y.min() < -1e5:
        return f"it falls to {y.min()}"
    if name == "bounded_above" and proved and y.max() > 1e5:
        return f"it grows to {y.max()}"
    if name == "nonnegative" and proved and y[inner].min() < -scale:
        return f"it is {y.min()} somewhere"
    if name == "symmetric":
        total = y + y[::-1]
        spread = float(np.ptp(total[inner]))
        if proved and spread > 1e3 * scale:
            return f"the sum varies by {spread}"
        if not proved and spread == 0:
            return "the sum is constant"
    if name == "classification_calibrated" and proved and (_gaps(y) < -scale).any():
        return "negative gap"
    if name == "classification_calibrated" and proved:
        gaps = _gaps(y)
        far = np.abs(ETAS - 0.5) > 0.04
        if (gaps[far] <= 0).any() and y.min() > -1e3:
            return f"no gap: {gaps}"
    return None


@settings(deadline=None, max_examples=25)
@given(losses)
def test_no_verdict_is_contradicted_on_a_grid(phi: Expr) -> None:
    for name in NAMES:
        outcome = _answer(phi, name)
        assert outcome.verdict is not Verdict.ERROR
        if outcome.verdict in (Verdict.PROVED, Verdict.REFUTED):
            said = _contradicted(name, outcome.verdict, phi)
            assert said is None, f"{name} of {phi} is {outcome.verdict.value}, but on a grid {said}"
