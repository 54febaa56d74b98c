r"""The same call gives the same value: twice in a row, after other inputs were seen, after a call in another format.

Answers
-------
SUPPORTED
    That many repeated calls agreed bit for bit.
REFUTED
    Two equal calls gave two values. Witness: the input and both values. Severity error; a warning where only a call in
    another format in between makes the difference, such as one that rounds the parameters of a module in place.

Known exceptions
----------------
None: dropout and sampling are reported as well. Give the loss a generator of its own with a fixed seed, or waive.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, refuted, supported


@behaviour(title="the same call gives the same value")
def deterministic(trial: Trial) -> Iterator[Outcome]:
    """Repeat calls and compare bit for bit."""
    inputs = [trial.sample(seed) for seed in range(2 * trial.budget)]
    inputs += [hazard.inputs for hazard in trial.hazards()[::11]]
    first = [_value(trial, x) for x in inputs]
    again = [(_value(trial, x), _value(trial, x)) for x in inputs]
    for x, v, (w, u) in zip(inputs, first, again, strict=True):
        for other in (w, u):
            if not _same(v, other):
                said = [_say(v), _say(other)]
                yield refuted(
                    f"two equal calls give {said[0]} and {said[1]}, given {show(x)}",
                    witness=witness(x, trial.dtype, values=said),
                    severity=Severity.ERROR,
                )
                return
    changed = _after_another_format(trial, inputs[0])
    if changed is not None:
        yield changed
        return
    yield supported(f"{len(inputs)} inputs were given three times each and gave equal values, bit for bit")


def _after_another_format(trial: Trial, x: Inputs) -> Outcome | None:
    """Call a copy of the loss, which no narrow format has met yet, in each of them, and see whether its value stays."""
    for dtype in trial.dtypes:
        try:
            caller = dataclasses.replace(trial.caller, function=copy.deepcopy(trial.caller.function), home=None)
            if dtype == trial.dtype or not trial.supports(dtype):
                continue
            before = caller.value(x, trial.dtype)
            caller.value(trial.rounded(x, dtype), dtype)
            after = caller.value(x, trial.dtype)
        except Exception:  # no copy can be made, or one of the calls is refused
            continue
        if not _same(before, after):
            said = [_say(before), _say(after)]
            return refuted(
                f"a call in {dtype} changes the loss: a call in {trial.dtype} gives {said[0]} before it and {said[1]} "
                f"after it, given {show(x)}",
                witness=witness(x, trial.dtype, values=said, between=dtype),
                severity=Severity.WARNING,
            )
    return None


def _value(trial: Trial, x: Inputs) -> Array | None:
    """Return the value, None where the loss raises: raising, too, must come every time."""
    try:
        return trial.fresh_value(x)
    except Raised:
        return None


def _same(a: Array | None, b: Array | None) -> bool:
    return a is None and b is None if a is None or b is None else np.array_equal(a, b, equal_nan=True)


def _say(value: Array | None) -> str:
    return "an exception" if value is None else show_array(value)
