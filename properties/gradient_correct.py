r"""The gradient is the derivative of the value; at a kink any Clarke subgradient is right.

The gradient of automatic differentiation is compared along coordinate and random directions with the hull of central
differences at points close by, for the plain sum and for a random cotangent (which finds a backward pass that ignores
or misreads what comes from above). Points where the value is not finite, the slope is too steep for the step, or
several kinks meet are not asked.

Answers
-------
SUPPORTED
    That many directional derivatives agree.
REFUTED
    One lies outside the hull, or the graph is cut: no gradient though the value moves (a cut by an argument that is a
    target is meant and passes). Witness: the input, the direction and both numbers. Severity error; warning where the
    gradient would be right without the loss's own ``detach`` or ``no_grad`` (a weight held constant on purpose).
NOT_APPLICABLE
    The loss has no gradient (NumPy).
UNDECIDED
    The loss works in so little precision that differences say nothing.

Known exceptions
----------------
At a kink every Clarke subgradient is right. Targets may be detached; weights held constant by ``detach`` or ``no_grad``
are a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.difference import Slope, directions, slope_hull
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.undetached import undetached
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

STEEPEST = 1e4  # a slope beyond it changes within one step
ROUGHEST = 100.0  # nor is one resolved that changes by more than this within 20 steps (a cosine near the zero vector)
DETACHED = "detached on purpose"
FARTHEST = 12.0  # values at larger inputs round too coarsely for differences at this step


@behaviour(title="the gradient is the derivative of the value")
def gradient_correct(trial: Trial) -> Iterator[Outcome]:
    """Compare gradients with differences, in the widest format the loss takes."""
    if not trial.differentiable:
        yield not_applicable(f"there is no gradient: the loss takes {trial.caller.backend} arrays without autograd")
        return
    if trial.noise > 1e-5:
        yield undecided(f"the loss works with a relative noise of {trial.noise:.1g}", dtype=trial.dtype)
        return
    yield _compare(trial)


def _points(trial: Trial) -> Iterator[tuple[str, Inputs]]:
    for seed in range(1 + trial.budget):
        yield "an ordinary input", trial.sample(seed)
    wanted = ("0", "all equal", "spread 1", "winner 1", "1", "-1", "0.5", "uniform")
    for hazard in trial.hazards():
        name = hazard.name.split(": ", 1)[-1].split(",")[0]
        if name in wanted or "=" in name:
            yield hazard.name, hazard.inputs


def _compare(trial: Trial) -> Outcome:
    agreed, meant = 0, None
    # The step that balances truncation against the noise of this loss; 1e-6 in plain float64.
    step = 1e-6 if trial.noise < 1e-12 else max(1e-6, trial.noise**0.4)
    tolerance = max(1e-4, 30.0 * trial.noise / step)
    for name, x in _points(trial):
        if any(np.max(np.abs(x[a.name]), initial=0.0) > FARTHEST for a in trial.differentiable):
            continue
        try:
            value = trial.value(x)
            if not np.isfinite(value).all():
                continue
            random = np.random.default_rng(7).uniform(0.3, 3.0, size=value.shape)
            for cotangent in (np.ones(value.shape), random):
                # The same generator twice: the same points, whose values are remembered.
                count, wrong = _at(trial, name, x, cotangent, step, tolerance, np.random.default_rng(3))
                if wrong is not None and wrong.reason != DETACHED:
                    return wrong
                agreed, meant = agreed + count, meant or wrong
        except Raised as error:
            if error.backward:
                return refuted(
                    f"the backward pass raises at {name}: {error}",
                    witness=error.witness,
                    severity=Severity.ERROR,
                    location=error.location,
                    dtype=trial.dtype,
                )
    if meant is not None:
        return meant
    if not agreed:
        return undecided("no point was found at which differences say anything", dtype=trial.dtype)
    return supported(f"{agreed} directional derivatives agree with central differences", dtype=trial.dtype)


def _at(
    trial: Trial, name: str, x: Inputs, cotangent: Array, step: float, tolerance: float, rng: np.random.Generator
) -> tuple[int, Outcome | None]:
    """Return how many directional derivatives agree at ``x``, and the first that does not."""

    def along(argument: Argument, v: Array) -> float:
        return float(np.sum(cotangent * trial.value({**x, argument.name: v})))

    found = trial.gradient(x, [a.name for a in trial.differentiable], cotangent=cotangent)
    agreed, moved, cut = 0, 0.0, True
    for argument in trial.differentiable:
        g, v = found[argument.name], np.asarray(x[argument.name])
        if (g is None and argument.is_label) or not _away_from_edge(argument, v):
            continue
        cut = cut and g is None
        for direction in directions(argument, v, rng):
            slope = slope_hull(partial(along, argument), v, direction, step, rng)
            if slope is None or max(abs(slope.low), abs(slope.high)) > STEEPEST or slope.spread > ROUGHEST:
                break
            moved = max(moved, abs(slope.middle))
            if slope.spread > 1e-2 * max(1.0, abs(slope.high)) and np.count_nonzero(direction) > 1:
                continue  # several kinks meet: the hull of a few points is too small
            if g is None or not np.isfinite(g).all():
                continue
            got = float(np.sum(g * direction))
            if not _agrees(slope, got, tolerance):
                wrong = _wrong(trial, argument, name, x, direction, slope, got)
                return agreed, _on_purpose(trial, argument, x, cotangent, direction, slope, tolerance, wrong)
            agreed += 1
    if cut and moved > 1e-3:
        message = f"the graph is cut: no gradient comes back though the value moves with slope {moved:.3g} at {show(x)}"
        return agreed, refuted(
            message, witness=witness(x, trial.dtype), severity=Severity.ERROR, dtype=trial.dtype, reason="graph cut"
        )
    return agreed, None


def _agrees(slope: Slope, got: float, tolerance: float) -> bool:
    room = tolerance * max(1.0, abs(slope.low), abs(slope.high))
    # A slope that varies within 20 steps varies by a twentieth of it within the one step of each difference: where the
    # curvature jumps (x |x| at 0) no difference reaches the slope itself.
    room += (0.5 if slope.spread < 0.01 else 0.05) * slope.spread
    return slope.low - room <= got <= slope.high + room


def _on_purpose(
    trial: Trial,
    argument: Argument,
    x: Inputs,
    cotangent: Array,
    direction: Array,
    slope: Slope,
    room: float,
    wrong: Outcome,
) -> Outcome:
    """Return ``wrong``, as a warning if the gradient is right once ``detach`` and ``no_grad`` do nothing."""
    fresh = replace(trial.caller)  # without what was compiled before
    try:
        with undetached(fresh.backend):
            whole = fresh.gradient(x, [argument.name], trial.dtype, cotangent)[argument.name]
    except Raised:  # it leaves torch after it was detached: no weight held constant
        return wrong
    if whole is None or not np.isfinite(whole).all() or not _agrees(slope, float(np.sum(whole * direction)), room):
        return wrong
    message = f"{wrong.message}; part of the loss is held constant by detach or no_grad, without which they agree"
    return wrong.with_(message=message, severity=Severity.WARNING, reason=DETACHED)


def _away_from_edge(argument: Argument, v: Array) -> bool:
    """Whether differences along any direction stay inside the domain."""
    if argument.domain in ("unit", "(0,1)", "positive", "simplex", "simplex+") and np.min(v, initial=1.0) < 0.01:
        return False
    if argument.domain == "[-1,1]":
        return bool(np.max(np.abs(v), initial=0.0) < 0.99)
    return argument.domain not in ("unit", "(0,1)") or bool(np.max(v, initial=0.0) < 0.99)


def _wrong(
    trial: Trial, argument: Argument, name: str, x: Inputs, direction: Array, slope: Slope, got: float
) -> Outcome:
    between = f"{slope.middle:.6g}" if slope.spread < 1e-3 else f"[{slope.low:.6g}, {slope.high:.6g}]"
    exact = [float(d).hex() for d in direction.reshape(-1)]
    return refuted(
        f"the gradient by {argument.name} along a direction is {got:.6g}, the value moves by {between} "
        f"at {show(x)} ({name})",
        witness=witness(
            x, trial.dtype, argument=argument.name, direction=exact, gradient=got, slope=[slope.low, slope.high]
        ),
        severity=Severity.ERROR,
        dtype=trial.dtype,
    )
