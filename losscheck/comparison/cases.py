"""Every case two losses are compared on, from the signature and the keywords alone: the same for every pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.hazards import hazards
from losscheck.behaviour.large import copies, quadratic
from losscheck.behaviour.trial import Trial
from losscheck.comparison.case import Case, strided
from losscheck.signature import Argument

SIZES = (1, 2, 17, 300)
"""Lengths of each axis, beside the usual ones; one has a single entry, one more than a vector register's."""

CLASSES = (2, 10, 100)
MANY = (1000, 32_000)
"""Numbers of classes beyond the width of any vector register, and of a vocabulary (at the effort "thorough" only)."""

FEATURES = ("all equal", "spread 1", "winner 11.78", "winner 90", "loser -90", "offset 1e+04")
"""Directed scores that are tried with many classes."""
LARGE = 70_000
"""Rows or elements of a large input: sums of ones leave float16 at 65,504."""

SMOOTHING = 0.125
THOROUGH = 8
"""The budget of the effort "thorough"."""
INTEGERS = ("int64", "int32", "int8", "uint8", "bool")


def cases(trial: Trial) -> Iterator[Case]:
    """Yield the cases, ordinary ones first: the first difference found is then the plainest."""
    ordinary = [trial.sample(seed) for seed in range(1 + trial.budget)]
    for i, x in enumerate(ordinary):
        yield Case("an ordinary input" if i == 0 else f"ordinary input {i}", x, base=ordinary[0])
    for hazard in trial.hazards():
        yield Case(hazard.name, hazard.inputs, base=hazard.base)
    yield Case("gradients switched off", ordinary[0], recorded=False)
    for family in (_sizes, _many_classes, _keywords, _stored, _empty, _ignored, _invalid, _shapes, _large):
        yield from family(trial)


def _sizes(trial: Trial) -> Iterator[Case]:
    axes = dict.fromkeys(axis for a in trial.signature.arguments for axis in a.shape if axis in "NBMLD")
    for axis in axes:
        for length in SIZES:
            if axis == "L" and length == 300:
                continue  # losses over positions are often loops
            yield Case(f"{axis} = {length}", trial.sample(5, **{axis: length}))
    if trial.signature.has_classes:
        for k in CLASSES:
            yield Case(f"{k} classes", trial.sample(5, K=k, C=k))
    yield Case("arrays that are not contiguous", trial.sample(6), layout=strided)


def _many_classes(trial: Trial) -> Iterator[Case]:
    """Few rows of many classes: near ties, one winner, scores far from 0."""
    if not any(a.domain == "real" and axis in "KC" for a in trial.signature.floats for axis in a.shape):
        return
    batch = {} if trial.signature.batch is None else {trial.signature.batch: 2}
    for k in MANY if trial.budget >= THOROUGH else MANY[:1]:
        base = trial.sample(5, K=k, C=k, **batch)
        for hazard in hazards(trial.signature, base):
            if hazard.name.split(": ", 1)[-1].split(",")[0] in FEATURES:
                yield Case(f"{k} classes, {hazard.name}", hazard.inputs)


def _keywords(trial: Trial) -> Iterator[Case]:
    given = {name: value for name, value in trial.keywords.items() if name not in trial.caller.made}
    for name, value in given.items():
        for other in _others(trial, name, value):
            said = "an array" if isinstance(other, np.ndarray) else repr(other)
            for seed in (0, 1):
                yield Case(f"{name} = {said}", trial.sample(seed), params={name: other})


def _others(trial: Trial, name: str, value: Any) -> list[Any]:
    """Return values to try in the place of a keyword's own."""
    if name == "reduction":
        return [other for other in ("none", "mean", "sum") if other != value]
    if name in ("axis", "dim"):
        return []
    if isinstance(value, bool):
        return [not value]
    if name == "ignore_index":
        return [0, 1]
    if name in ("label_smoothing", "smoothing"):
        return [SMOOTHING]
    if value is None:
        per_class = trial.signature.has_classes and name in ("weight", "weights", "class_weight", "alpha", "pos_weight")
        return [np.linspace(0.5, 2.0, trial.n_classes)] if per_class else []
    if isinstance(value, int):
        return [value + 1, 2 * value + 1]
    if isinstance(value, float):
        return [0.5 * value, 2.0 * value, 0.0, 1.0] if value else [0.5, 1.0]
    return []


def _stored(trial: Trial) -> Iterator[Case]:
    """Numbers that are whole, stored in every integer type."""
    x = trial.sample(0)
    for argument in trial.signature.arguments:
        if argument.domain in ("{0,1}", "{0,1}+", "{-1,1}", "count", "mask", "index", "index*"):
            types: tuple[str, ...] = (*INTEGERS, "float32")
            value = np.asarray(x[argument.name], dtype=np.float64)
        elif argument.domain == "real" and argument.is_label:
            types, value = ("int64",), np.round(2.0 * x[argument.name])
        else:
            continue
        for stored in types:
            name = f"{argument.name} as {stored}"
            yield Case(name, {**x, argument.name: value}, stored={argument.name: stored})


def _empty(trial: Trial) -> Iterator[Case]:
    x = trial.sample(0)
    if trial.signature.batch is not None:
        yield Case("no row at all", trial.rows(x, []))
    for argument in trial.signature.arguments:
        value = x[argument.name]
        if argument.domain == "mask":
            yield Case(f"{argument.name} all false", {**x, argument.name: np.zeros_like(value)})
            yield Case(f"{argument.name} all true", {**x, argument.name: np.ones_like(value)})
        if argument.domain in ("positive", "{0,1}", "unit"):
            yield Case(f"{argument.name} all 0", {**x, argument.name: np.zeros_like(value)})
        if argument.domain == "length":
            yield Case(f"{argument.name} all 0", {**x, argument.name: np.zeros_like(value)}, narrow=False)


def _ignored(trial: Trial) -> Iterator[Case]:
    x = trial.sample(0)
    for argument in trial.signature.arguments:
        if argument.ignored is None:
            continue
        value = x[argument.name]
        yield Case("every label ignored", {**x, argument.name: np.full_like(value, argument.ignored)})
        for place in (0, -1):
            some = np.array(value)
            some.reshape(-1)[place] = argument.ignored
            yield Case(f"label {place} ignored", {**x, argument.name: some})
        # What an ignored row holds does not count, not even NaN.
        for first in trial.signature.floats:
            if first.shape[:1] == argument.shape[:1] and np.size(x[first.name]):
                some = np.array(value)
                some[0] = argument.ignored
                broken = np.array(x[first.name])
                broken[0] = np.nan
                yield Case("an ignored row of NaN", {**x, argument.name: some, first.name: broken})


def _invalid(trial: Trial) -> Iterator[Case]:
    """Labels and numbers outside their domain, and NaN: what is refused must be refused alike."""
    x = trial.sample(0)
    for argument in trial.signature.arguments:
        for wrong in _wrong(trial, argument):
            spoilt = np.array(x[argument.name], dtype=None if isinstance(wrong, int) else np.float64)
            if spoilt.size:
                spoilt.reshape(-1)[0] = wrong
                name = f"{argument.name}[0] = {wrong:g}, outside of {argument.domain}"
                yield Case(name, {**x, argument.name: spoilt}, narrow=False)
        if argument.is_float and argument.shape:
            for special in (np.nan, np.inf, -np.inf):
                spoilt = np.array(x[argument.name])
                spoilt.reshape(-1)[:1] = special
                yield Case(f"{argument.name}[0] = {special:g}", {**x, argument.name: spoilt}, narrow=False)


def _wrong(trial: Trial, argument: Argument) -> tuple[float, ...]:
    match argument.domain:
        case "index" | "index*":
            marks = (-1, trial.n_classes, 255, -100)
            return tuple(m for m in marks if m != argument.ignored)
        case "{0,1}" | "{0,1}+":
            return (2.0, -1.0, 0.5)
        case "{-1,1}":
            return (0.0, 2.0)
        case "unit" | "(0,1)" | "simplex" | "simplex+":
            return (-0.25, 1.5)
        case "positive":
            return (-1.0,)
        case "[-1,1]":
            return (-1.5, 1.5)
    return ()


def _shapes(trial: Trial) -> Iterator[Case]:
    """One argument with an axis of length 1 too many."""
    x = trial.sample(0)
    for argument in trial.signature.arguments:
        if len(argument.shape) == 1 and argument.shape[0] == trial.signature.batch:
            name = f"{argument.name} of shape (N, 1)"
            yield Case(name, {**x, argument.name: np.asarray(x[argument.name])[:, None]}, narrow=False)


def _large(trial: Trial) -> Iterator[Case]:
    axes = {axis for a in trial.signature.arguments for axis in a.shape}
    if "M" in axes:
        yield Case(f"M = {LARGE}", _ones(trial, trial.sample(5, M=LARGE, N=1, C=2, K=2)))
    x = trial.sample(0)
    if trial.signature.batch is not None and "M" not in axes and not quadratic(trial, x):
        yield Case(f"{LARGE} rows", copies(trial, x, LARGE // trial.count(x)))
        yield Case(f"{LARGE} rows of ones", _ones(trial, copies(trial, x, LARGE // trial.count(x))), gradient=False)


def _ones(trial: Trial, x: dict[str, Array]) -> dict[str, Array]:
    """Raise numbers between 0 and 1 to 1: counts of them are what overflows."""
    whole = {a.name for a in trial.signature.arguments if a.domain in ("unit", "{0,1}", "mask")}
    return {name: np.ones_like(value) if name in whole else value for name, value in x.items()}
