"""From an input that breaks a loss to the smallest one: fewer rows, then a bisection to neighbouring floats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.truth import between

Broken = Callable[[Inputs], bool]


@dataclass(frozen=True)
class Threshold:
    """The smallest broken input found; ``exact`` says that its neighbour towards ``start`` is not broken."""

    inputs: dict[str, Array]
    exact: bool


def smallest(trial: Trial, broken: Broken, at_fault: Broken, inputs: Inputs, base: Inputs, dtype: str) -> Threshold:
    """Shrink ``inputs``, which are broken, while they stay so.

    ``broken`` says that something is not finite, ``at_fault`` that moreover the truth is; both are asked of inputs
    already rounded to ``dtype``. The bisection runs along the straight line from the origin where that is allowed and
    fine, else from the ordinary input ``base``: on it, one float separates fine from broken. It asks ``broken`` only:
    a float away from its threshold every fault looks like a pole.
    """
    found = trial.rounded(inputs, dtype)
    start: Inputs = base
    for i in range(trial.count(found) if trial.signature.batch else 0):
        row = trial.rows(found, [i])
        if at_fault(row):
            found, start = row, trial.rows(base, [i]) if trial.count(base) > i else trial.rows(base, [0])
            break
    found = _fewer_nonzero(trial, at_fault, found)
    starts = [start] if any(a.domain != "real" for a in trial.signature.floats) else [_origin(trial, found), start]
    for begin in starts:
        if any(np.shape(begin[name]) != np.shape(v) for name, v in found.items()):
            continue
        begin = trial.rounded({**found, **{a.name: begin[a.name] for a in trial.signature.floats}}, dtype)
        if not broken(begin):
            return _bisect(trial, broken, begin, found, dtype)
    return Threshold(found, False)


def _origin(trial: Trial, inputs: Inputs) -> dict[str, Array]:
    """Return the input with every real number 0."""
    return {**inputs, **{a.name: np.zeros_like(inputs[a.name]) for a in trial.signature.floats if a.domain == "real"}}


def _fewer_nonzero(trial: Trial, at_fault: Broken, inputs: dict[str, Array]) -> dict[str, Array]:
    """Set real numbers to 0 one at a time where the input stays broken; large inputs stay as they are."""
    found = dict(inputs)
    for argument in trial.signature.floats:
        value = found[argument.name]
        if argument.domain != "real" or value.size > 16:
            continue
        for place in range(value.size):
            trimmed = found[argument.name].copy()
            if trimmed.reshape(-1)[place] == 0.0:
                continue
            trimmed.reshape(-1)[place] = 0.0
            if at_fault({**found, argument.name: trimmed}):
                found[argument.name] = trimmed
    return found


def _bisect(trial: Trial, broken: Broken, fine: Inputs, bad: dict[str, Array], dtype: str) -> Threshold:
    """Return a broken point on the way whose neighbour is fine, as far as fractions of the way can tell them apart."""
    low, high, found = 0.0, 1.0, bad
    for _ in range(64):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        point = trial.rounded(between(trial.signature, fine, bad, middle), dtype)
        if broken(point):
            high, found = middle, point
        else:
            low = middle
        before = trial.rounded(between(trial.signature, fine, bad, low), dtype)
        if _adjacent(trial, before, found, dtype):
            return Threshold(found, True)
    return Threshold(found, False)


def _adjacent(trial: Trial, a: Inputs, b: Inputs, dtype: str) -> bool:
    """Whether no point of the format lies between, so that bisection is at its end."""
    return all(
        np.array_equal(x := trial.rounded({arg.name: (a[arg.name] + b[arg.name]) / 2}, dtype)[arg.name], a[arg.name])
        or np.array_equal(x, b[arg.name])
        for arg in trial.signature.floats
    )
