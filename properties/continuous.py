r"""The value has no jumps along lines of predictions.

The largest steps on a grid of 121 points are halved 40 times; a jump is a difference that stays. Losses that are
constant on much of the line (0-1 loss, rankings of ties) are meant to jump and are not asked.

Answers
-------
SUPPORTED
    The largest steps shrink with the interval.
REFUTED
    One stays. Severity warning: a threshold may be meant (hard mining). Witness: the input just before the jump and the
    two values.
NOT_APPLICABLE
    There is no single floating prediction, the value is piecewise constant, not finite, or too noisy.

Known exceptions
----------------
Thresholds that are meant (hard mining). The 0-1 loss and rankings, constant nearly everywhere, are not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

POINTS = 121
FLAT = 0.3
"""A value that stays the same on more of the line than this is made of steps."""


@behaviour(title="the value has no jumps")
def continuous(trial: Trial) -> Iterator[Outcome]:
    """Halve the largest steps on lines of predictions."""
    p = prediction(trial.signature)
    if p is None or trial.caller.returns_tuple or p.domain not in ("real", "unit", "(0,1)", "[-1,1]", "positive"):
        yield not_applicable("there is no single prediction that can move along a line")
        return
    if trial.noise > 1e-6:
        yield not_applicable(f"the loss works with a relative noise of {trial.noise:.1g}")
        return
    for seed in range(trial.budget):
        x = trial.sample(seed)
        line = _line(trial, p, x, seed)

        def total(s: float, at: Callable[[float], Inputs] = line) -> float:
            return float(np.sum(trial.value_or_nan(at(s))))

        grid = np.linspace(-1.0, 1.0, POINTS)
        values = np.array([total(s) for s in grid])
        steps = np.abs(np.diff(values))
        if not np.isfinite(values).all() or np.mean(steps <= 1e-12) > FLAT:
            yield not_applicable("the value is not finite on the line, or piecewise constant")
            return
        for k in np.argsort(steps)[-4:]:
            jump = _jump(total, (grid[k], values[k]), (grid[k + 1], values[k + 1]))
            if jump is not None and jump[2] > 1e-6 * max(1.0, float(np.ptp(values))) + 1e3 * trial.noise:
                at = line(jump[0])
                yield refuted(
                    f"the value jumps by {jump[2]:.6g} from {jump[1]:.6g} at {show(at)}",
                    witness=witness(at, trial.dtype, before=jump[1], jump=jump[2]),
                    severity=Severity.WARNING,
                )
                return
    yield supported(f"no jump on {trial.budget} lines of {POINTS} points")


def _jump(
    total: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]
) -> tuple[float, float, float] | None:
    """Return place, value and height of a jump between two points; None where the difference shrinks (a cusp)."""
    earlier = 0.0
    for halving in range(40):
        if halving == 20:
            earlier = abs(high[1] - low[1])
        middle = (low[0] + high[0]) / 2.0
        value = total(middle)
        if not np.isfinite(value):
            return None
        if abs(value - low[1]) < abs(value - high[1]):
            low = (middle, value)
        else:
            high = (middle, value)
    height = abs(high[1] - low[1])
    return (low[0], low[1], height) if height > 0.5 * earlier else None


def _line(trial: Trial, p: Argument, x: dict[str, Array], seed: int) -> Callable[[float], dict[str, Array]]:
    """Return the inputs with the prediction at each place of a line through the target, where one is comparable."""
    t = target(trial.signature)
    v = np.asarray(x[p.name])
    centre = np.asarray(x[t.name]) if t is not None and (t.domain, t.shape) == (p.domain, p.shape) else v
    d = np.random.default_rng(seed).normal(size=v.shape)

    def at(s: float) -> dict[str, Array]:
        match p.domain:
            case "real":
                moved = centre + 4.0 * s * d
            case "positive":
                moved = v * np.exp(2.0 * s * d)
            case "[-1,1]":
                moved = np.clip(v + s * d, -0.999, 0.999)
            case _:
                moved = np.clip(v + s * d, 0.001, 0.999)
        return {**x, p.name: moved}

    return at
