r"""The loss leaves the world as it found it: no argument, gradient mode or random state is changed.

Asked at ordinary and directed inputs (a clip in place is invisible inside the range), after the forward pass and after
the backward pass. Gradient mode is asked both ways: switched off by the caller, it must stay off.

Answers
-------
SUPPORTED
    That many calls changed nothing.
REFUTED
    An argument is changed, or gradient mode is left changed: severity error. The seed of a random generator is set or
    random numbers are drawn: severity warning, since a loss may sample on purpose. Witness: the input.

Known exceptions
----------------
A loss may sample on purpose: a changed random state is a warning.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, refuted, supported

LARGE = 100.0


@behaviour(title="changes no argument, gradient mode or random state")
def pure(trial: Trial) -> Iterator[Outcome]:
    """Watch the arguments and the global state around calls."""
    calls = 0
    inputs = [trial.sample(seed) for seed in range(2)] + [_large(trial)]
    inputs += [h.inputs for h in trial.hazards()[:: 7 if trial.budget < 8 else 1]]
    for x in inputs:
        for backward in (False, True) if trial.differentiable else (False,):
            try:
                outcome = _watch(trial, x, backward)
            except Raised:
                continue
            if outcome is not None:
                yield outcome
                return
            calls += 1
    if trial.caller.backend == "torch" and (outcome := _under_no_grad(trial)) is not None:
        yield outcome
        return
    yield supported(f"{calls} calls changed no argument, no gradient mode and no random state")


def _large(trial: Trial) -> dict[str, Array]:
    """Return an ordinary input with all its unbounded numbers large, targets too: directed inputs spoil predictions."""
    x = trial.sample(2)
    wide = {a.name for a in trial.signature.floats if a.domain in ("real", "positive")}
    return {name: LARGE * np.asarray(v) if name in wide else np.asarray(v) for name, v in x.items()}


def _watch(trial: Trial, x: Inputs, backward: bool) -> Outcome | None:
    caller, torch = trial.caller, sys.modules.get("torch")
    _stir(torch)
    if torch is not None:
        torch.set_grad_enabled(True)  # an earlier call may have left it off
    names = [a.name for a in trial.differentiable] if backward else []
    native = caller.arguments(x, trial.dtype, names)
    before = [caller.to_array(a) for a in native]
    state = _state(torch)
    out = caller.run(native, x, trial.dtype)
    after = _state(torch)
    if torch is not None and after["gradient mode"] != state["gradient mode"]:
        torch.set_grad_enabled(state["gradient mode"])
        return _refute(trial, x, "gradient mode is left changed", Severity.ERROR)
    if changed := _changed(trial, native, before):
        return _refute(trial, x, f"the forward pass changes {changed}", Severity.ERROR)
    for name in ("NumPy's random state", "torch's random state"):
        if after[name] != state[name]:
            return _refute(trial, x, f"{name} is changed: random numbers are drawn, or a seed is set", Severity.WARNING)
    if backward and getattr(out, "requires_grad", False):
        try:
            out.sum().backward()
        except Exception:  # a backward pass that raises is the answer of gradient_finite
            return None
        if changed := _changed(trial, native, before):
            return _refute(trial, x, f"the backward pass changes {changed}", Severity.ERROR)
    return None


def _under_no_grad(trial: Trial) -> Outcome | None:
    """Call the loss where gradients are off: a loss that ends with switching them on leaves evaluation with a graph."""
    import torch

    x = trial.sample(0)
    with torch.no_grad():
        try:
            trial.fresh_value(x)
        except Raised:
            return None
        left_on = torch.is_grad_enabled()
    if not left_on:
        return None
    return _refute(trial, x, "gradient mode is on after a call under no_grad, which had it off", Severity.ERROR)


def _stir(torch: Any) -> None:
    """Move the random states, so that a seed set to a constant is seen even the second time."""
    np.random.random()  # noqa: NPY002  (the legacy state is the one user code changes)
    if torch is not None:
        torch.rand(1)


def _state(torch: Any) -> dict[str, Any]:
    legacy = np.random.get_state()  # noqa: NPY002
    return {
        "NumPy's random state": repr(legacy[1].tobytes()) + str(legacy[2]) if isinstance(legacy, tuple) else "",
        "torch's random state": None if torch is None else torch.random.get_rng_state().numpy().tobytes(),
        "gradient mode": None if torch is None else torch.is_grad_enabled(),
    }


def _changed(trial: Trial, native: list[Any], before: list[Any]) -> str | None:
    for argument, now, then in zip(trial.signature.arguments, native, before, strict=True):
        if not np.array_equal(trial.caller.to_array(now), then, equal_nan=True):
            return argument.name
    return None


def _refute(trial: Trial, x: Inputs, fact: str, severity: Severity) -> Outcome:
    return refuted(f"{fact}, given {show(x)}", witness=witness(x, trial.dtype), severity=severity)
