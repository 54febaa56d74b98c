"""What has to be the same of two implementations: one question per law and format."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Caller, Raised
from losscheck.behaviour.reduction import measure
from losscheck.behaviour.threshold import smallest
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.comparison.agreement import differs, special
from losscheck.comparison.case import Case
from losscheck.comparison.observation import settle
from losscheck.comparison.pair import Difference, Pair
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

IN_EACH_FORMAT = (
    "same_exceptions",
    "same_shape",
    "same_dtype",
    "same_special_values",
    "same_value",
    "same_gradient",
    "same_side_effects",
)
"""Laws about single calls, asked in every format from the same observations."""

NOISE = 64.0
LARGE = 2000
"""Numbers a witness may hold."""
ROWS = 64
"""Rows of the worst input that are tried alone."""


def same_calls(pair: Pair, law: str, dtype: str) -> Outcome:
    """Say whether calls ever differ in the way of ``law``, and at which smallest input."""
    if not (pair.reference.supports(dtype) or pair.same_library):
        return not_applicable(f"the reference does not run in {dtype}", dtype=dtype)
    if dtype == "bfloat16" and "numpy" in (pair.caller.backend, pair.reference.caller.backend):
        return not_applicable("NumPy has no bfloat16", dtype=dtype)
    if not pair.steady:
        return undecided("the reference gives another result when it is called again", reason="state", dtype=dtype)
    everything, tried = pair.differences(dtype)
    found = [each for each in everything if each.law == law]
    if not found:
        return supported(f"{tried} calls in {dtype} show no difference", dtype=dtype)
    first = _shrunk(pair, found[0], dtype)
    count = len({each.case.name for each in found})
    worst = _worst(pair, max(found, key=lambda each: each.ulps), dtype)
    size = f"; up to {worst.ulps:.3g} units of the last place, at {show(worst.case.inputs)}" if worst.ulps else ""
    return refuted(
        f"{first.text}, in {dtype} at {show(first.case.inputs)} ({first.case.name}); {count} of {tried} calls "
        f"differ{size}",
        witness=_evidence(first, dtype) | ({"worst": _evidence(worst, dtype)} if worst.ulps else {}),
        severity=Severity.ERROR,
        dtype=dtype,
    )


def _worst(pair: Pair, difference: Difference, dtype: str) -> Difference:
    """Return the largest difference at the one row that shows it, where one does."""
    case, trial = difference.case, pair.reference
    if case.base is None or not difference.ulps or not trial.signature.batch:
        return difference
    for i in range(min(trial.count(case.inputs), ROWS)):
        there = pair.at(Case(case.name, trial.rows(case.inputs, [i]), case.base), dtype)
        alone = [each for each in there if each.law == difference.law and each.ulps >= difference.ulps]
        if alone:
            return alone[0]
    return difference


def _evidence(difference: Difference, dtype: str) -> dict[str, Any]:
    """Return the inputs with what was seen; of large ones the shapes, their case says how they are made."""
    case = difference.case
    more = {"case": case.name, "keywords": _shown(case), "seen": difference.text}
    if sum(np.size(v) for v in case.inputs.values()) <= LARGE:
        return witness(case.inputs, dtype, **more)
    return {"dtype": dtype, "shapes": {name: list(np.shape(v)) for name, v in case.inputs.items()}, **more}


def _shown(case: Case) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in case.params.items()}


def _shrunk(pair: Pair, difference: Difference, dtype: str) -> Difference:
    """Return the same difference at a smaller input; cases that are odd in themselves stay as they are."""
    case = difference.case
    if case.base is None:
        return difference

    def look(inputs: Any) -> Difference | None:
        there = pair.at(Case(case.name, inputs, case.base), dtype)
        return next((each for each in there if each.law == difference.law), None)

    at = smallest(pair.reference, lambda x: bool(look(x)), lambda x: bool(look(x)), case.inputs, case.base, dtype)
    return look(at.inputs) or difference


def same_second_derivative(pair: Pair) -> Outcome:
    """Differentiate both twice, along fixed directions."""
    if not (pair.caller.backend == pair.reference.caller.backend == "torch"):
        return not_applicable("there are no second derivatives: one of the two does not run in torch")
    dtype, tried = pair.reference.dtype, 0
    inputs = [pair.reference.sample(seed) for seed in range(3)]
    inputs += [h.inputs for h in pair.reference.hazards()[:12]]
    for x in inputs:
        for argument in pair.reference.signature.floats:
            direction = np.cos(1.0 + np.arange(np.size(x[argument.name]))).reshape(np.shape(x[argument.name]))
            seen = [
                _twice(caller, x, argument.name, direction, dtype) for caller in (pair.caller, pair.reference.caller)
            ]
            tried += 1
            if text := _apart(seen[0], seen[1], dtype):
                return refuted(
                    f"the second derivative by {argument.name} {text}, at {show(x)}",
                    witness=witness(x, dtype, argument=argument.name, seen=text),
                    severity=Severity.ERROR,
                )
    return supported(f"{tried} second derivatives show no difference")


def _twice(caller: Any, x: Any, name: str, direction: Any, dtype: str) -> Any:
    """Return the Hessian's product; zeros where the gradient has no graph; the exception's name where one is raised."""
    settle(sys.modules.get("torch"))
    try:
        found = caller.hessian_product(x, name, direction, dtype)
    except Raised as error:
        return type(error.__cause__).__name__
    return np.zeros_like(direction) if found is None else found


def _apart(got: Any, want: Any, dtype: str) -> str | None:
    if isinstance(got, str) or isinstance(want, str):
        mine, other = (each if isinstance(each, str) else "a result" for each in (got, want))
        return None if mine == other else f"gives {mine}, that of the reference {other}"
    odd = special(got, want) | differs(got, want, dtype, noise=NOISE)
    return f"is {show_array(got[odd])}, that of the reference {show_array(want[odd])}" if odd.any() else None


def same_reduction(pair: Pair) -> Outcome:
    """Compare how the two make one number of a batch."""
    got, want = _reduction(pair, pair.caller), _reduction(pair, pair.reference.caller)
    if got == want:
        return supported(f"both reduce a batch alike: {got}")
    if not pair.steady or _reduction(pair, pair.reference.caller) != want:
        return not_applicable("the reference does not reduce a batch alike every time")
    return refuted(
        f"the reduction is {got}, that of the reference {want}",
        witness={"reduction": got, "reference": want},
        severity=Severity.ERROR,
    )


def _reduction(pair: Pair, caller: Caller) -> str:
    trial = pair.reference
    settle(sys.modules.get("torch"))
    try:
        batches = [trial.sample(seed) for seed in range(3)]
        return measure(lambda x: caller.value(x, trial.dtype), trial.signature, batches, trial.tolerance)
    except Raised:
        return "unknown"


def same_parameters(pair: Pair) -> Outcome:
    """Compare the keywords of the two and their defaults."""
    leading = len(pair.reference.signature.arguments)
    got, want = (_defaults(f, leading) for f in (pair.caller.function, pair.reference.caller.function))
    if got is None or want is None:
        return not_applicable("one of the two does not say what keywords it takes")
    facts = [f"{name} = {value} is not taken" for name, value in want.items() if name not in got]
    facts += [f"{name} = {value} is not the reference's" for name, value in got.items() if name not in want]
    facts += [
        f"{name} is {got[name]} by default, not {want[name]}" for name in got if want.get(name, got[name]) != got[name]
    ]
    if not facts:
        return supported(f"both take {', '.join(got) or 'no keyword'}, with the same defaults")
    return refuted("; ".join(facts), witness={"keywords": got, "reference": want}, severity=Severity.ERROR)


def _defaults(function: Callable[..., Any], leading: int) -> dict[str, str] | None:
    """Return the keywords beyond the arguments of the signature, with their defaults as text."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a builtin without a signature
        return None
    if any(p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
        return None
    return {p.name: repr(p.default) for p in parameters[leading:] if p.default is not p.empty}


ONCE: Mapping[str, Callable[[Pair], Outcome]] = {
    "same_second_derivative": same_second_derivative,
    "same_reduction": same_reduction,
    "same_parameters": same_parameters,
}
"""Laws that no format changes."""
