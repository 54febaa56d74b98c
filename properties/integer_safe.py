r"""Numbers stored as integers mean the same as the same numbers stored as floats.

Labels in {0, 1} and {-1, 1} and counts are given as int64, int32, int8, uint8 and bool; real targets are rounded first
and given as int64; several counts also all as uint8 at once. A loss may refuse a type; it may not answer something else
(an array like the labels truncates, ``2 y - 1`` wraps around in uint8).

Answers
-------
SUPPORTED
    Every type that was taken gave the value of the floats.
REFUTED
    One gave another value: severity error; in uint8 or bool, which nobody declared: warning. Witness: the input.
NOT_APPLICABLE
    No label is stored in a type of its own (indices are integers anyway), or only one type is taken.

Known exceptions
----------------
To refuse a type is an answer. uint8 and bool, which nobody declared, are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from losscheck.behaviour.calling import Caller, Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

UNSIGNED = ("uint8", "bool")
TYPES = ("int64", "int32", "int8", *UNSIGNED)


@behaviour(title="integers mean the same as floats")
def integer_safe(trial: Trial) -> Iterator[Outcome]:
    """Give labels in every integer type."""
    x, taken = trial.sample(0), []
    for argument in trial.signature.arguments:
        types = _types(argument)
        if not types or argument.dtype is not None:
            continue
        if argument.domain == "real":
            x = {**x, argument.name: np.round(2.0 * x[argument.name])}
        expected, said = None, ""
        for stored in (trial.dtype, *types):
            value = _stored(trial, argument, stored, x)
            if value is None:
                continue
            if expected is None:
                expected, said = value, stored
                continue
            taken.append(f"{argument.name} as {stored}")
            if not close(value, expected, max(1e-5, trial.tolerance)):
                yield _refute(x, argument, stored, said, value, expected)
                return
    together = _all_small(trial)
    if together is not None:
        yield together
        return
    if not taken:
        yield not_applicable("no label is taken in an integer type beside another")
        return
    yield supported(f"the value is the same with {', '.join(taken)}")


def _all_small(trial: Trial) -> Outcome | None:
    """Give all counts as uint8 at once: their differences and squares leave its range."""
    counts = [a for a in trial.signature.arguments if a.domain == "count" and a.dtype is None]
    if len(counts) < 2:
        return None
    arguments = tuple(replace(a, dtype="uint8") if a in counts else a for a in trial.signature.arguments)
    caller: Caller = replace(trial.caller, signature=replace(trial.signature, arguments=arguments))
    x, (first, second) = trial.sample(0), counts[:2]
    for inputs in (
        x,
        {**x, first.name: np.minimum(x[first.name], 1), second.name: np.minimum(x[second.name], 99) + 100},
    ):
        try:
            expected, value = trial.value(inputs), caller.value(inputs, trial.dtype)
        except Raised:
            return None
        if np.isfinite(expected).all() and not close(value, expected, max(1e-5, trial.tolerance)):
            return _refute(inputs, first, "uint8", trial.dtype, value, expected)
    return None


def _types(argument: Argument) -> tuple[str, ...]:
    match argument.domain:
        case "{0,1}" | "{0,1}+":
            return TYPES
        case "{-1,1}":
            return tuple(t for t in TYPES if t not in UNSIGNED)
        case "count":
            return tuple(t for t in TYPES if t not in UNSIGNED)
        case "real" if argument.is_label:
            return ("int64",)
    return ()


def _stored(trial: Trial, argument: Argument, stored: str, x: Inputs) -> Array | None:
    """Return the value with one argument stored in a type, None where that is refused."""
    arguments = tuple(replace(a, dtype=stored) if a is argument else a for a in trial.signature.arguments)
    signature = replace(trial.signature, arguments=arguments)
    caller: Caller = replace(trial.caller, signature=signature, ignore_declared=False)
    try:
        value = caller.value(x, trial.dtype)
    except Raised:
        return None
    return value if np.isfinite(value).all() else None


def _refute(x: Inputs, argument: Argument, stored: str, said: str, value: Array, expected: Array) -> Outcome:
    return refuted(
        f"with {argument.name} as {stored} the value is {np.sum(value):.6g}, as {said} it is {np.sum(expected):.6g}, "
        f"at {show(x)}",
        witness=witness(x, stored, argument=argument.name, value=float(np.sum(value))),
        severity=Severity.WARNING if stored in UNSIGNED else Severity.ERROR,
    )
