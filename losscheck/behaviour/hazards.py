"""Directed inputs: for each domain the places where floating-point losses break, under every labelling.

The rows of one hazard share one template, so that a legitimate infinity of one row cannot hide another row. Scales sit
just beyond ``n log 2``, the thresholds of exp and log in each format: 12 and 25 (float16), 17 (float32 absorbs
``1 + e^-x``), 53 (float64 does), 90 and 110 (float32 overflow, underflow), 134 (bfloat16), 750 (float64).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.signature import Argument, Signature

_LOG2 = math.log(2.0)
SCALES = (1e-4, 1e-2, 1.0, 12 * _LOG2, 17 * _LOG2, 25 * _LOG2, 53 * _LOG2, 90.0, 110.0, 200.0, 300.0, 750.0, 1e4)
OFFSETS = (1e2, 1e4, -1e4, 2.0**26)
"""Added to every score of a row: the value of a softmax loss stays, what is added to the maximum gets lost."""

RESIDUALS = (0.0, 1e-4, 0.05, 0.3, 0.9, 1.0, 2.0, 5.0, 12.0)


@dataclass(frozen=True)
class Hazard:
    """One directed input, and the ordinary input it departs from."""

    name: str
    inputs: dict[str, Array]
    base: Inputs


def hazards(signature: Signature, base: Inputs) -> Iterator[Hazard]:
    """Yield every template of every prediction under every labelling, and the coincidences of like arguments."""
    for tag, labelled in labellings(signature, base):
        for name, inputs in _spoilt(signature, labelled):
            yield Hazard(name + tag, inputs, base)
    for argument in signature.arguments:
        for value in argument.also:
            spoilt = _beside_labels(signature, argument, base, value)
            yield Hazard(f"{argument.name} with {value:g}", {**base, argument.name: spoilt}, base)


def _beside_labels(signature: Signature, argument: Argument, base: Inputs, value: float) -> Array:
    """Put an extra value in the first place; among scores of classes, in each row at a class that is not the label."""
    spoilt = np.array(base[argument.name], dtype=np.float64)
    label = next((a for a in signature.arguments if a.domain.startswith("index")), None)
    if label is None or argument.is_label or spoilt.ndim != 2 or label.shape != argument.shape[:1]:
        spoilt.reshape(-1)[:1] = value
    else:
        rows = np.arange(len(spoilt))
        spoilt[rows, (np.asarray(base[label.name]) + 1) % spoilt.shape[1]] = value
    return spoilt


def labellings(signature: Signature, base: Inputs) -> Iterator[tuple[str, dict[str, Array]]]:
    """Yield the inputs with each constant labelling; without hard labels, as they are."""
    target = next((a for a in signature.arguments if a.is_label and a.domain not in ("real", "box")), None)
    if target is None:
        yield "", dict(base)
        return
    v = base[target.name]
    choices: list[tuple[str, Array]] = []
    match target.domain:
        case "index" | "index*":
            choices = [("0", np.zeros_like(v)), ("last", np.full_like(v, np.max(v, initial=0)))]
            scores = any(axis in "KC" for a in signature.arguments if a.is_float for axis in a.shape)
            if signature.batch == "B" and not scores:  # labels that only say which rows belong together
                spread = np.arange(v.size).reshape(v.shape) % (np.max(v, initial=0) + 1)
                choices.append(("spread", spread.astype(v.dtype)))
        case "count":
            choices = [("mixed", v), ("0", np.zeros_like(v)), ("1", np.ones_like(v))]
        case "{0,1}" | "unit" | "(0,1)":
            low, high = (0.05, 0.95) if target.domain == "(0,1)" else (0.0, 1.0)
            choices = [("mixed", v), (f"{low:g}", np.full_like(v, low)), (f"{high:g}", np.full_like(v, high))]
        case "{-1,1}":
            choices = [("mixed", v), ("-1", np.full_like(v, -1.0)), ("1", np.full_like(v, 1.0))]
        case "simplex" | "simplex+":
            choices = [("mixed", v), *list(_simplex(target, v))[:3]]
        case "positive":
            choices = [("mixed", v), ("0.001", np.full_like(v, 1e-3)), ("100", np.full_like(v, 100.0))]
        case _:
            choices = [("mixed", v)]
    for name, value in choices:
        yield ("" if name == "mixed" else f", {target.name} = {name}"), {**base, target.name: value}


def _spoilt(signature: Signature, x: dict[str, Array]) -> Iterator[tuple[str, dict[str, Array]]]:
    floats = [a for a in signature.arguments if a.is_float]
    predictions = [a for a in floats if not a.is_label] or floats
    for a in predictions:
        for name, v in templates(a, x[a.name]):
            yield f"{a.name}: {name}", {**x, a.name: v}
    if len(predictions) > 1 and len({(a.domain, np.shape(x[a.name])) for a in predictions}) == 1:
        first, second = predictions[0], predictions[1]
        forward = list(templates(first, x[first.name]))
        for (n0, v0), (n1, v1) in zip(forward, forward[::-1], strict=True):
            yield f"{first.name}: {n0}, {second.name}: {n1}", {**x, first.name: v0, second.name: v1}
    for i, a in enumerate(floats):
        for b in floats[i + 1 :]:
            if a.domain == b.domain and np.shape(x[a.name]) == np.shape(x[b.name]):
                yield from _coincident(a, b, x)
    yield from _extreme_agreement(signature, x)


def _coincident(a: Argument, b: Argument, x: dict[str, Array]) -> Iterator[tuple[str, dict[str, Array]]]:
    yield f"{a.name} = {b.name}", {**x, a.name: x[b.name].copy()}
    if a.domain != "real":
        return
    zero = np.zeros_like(x[b.name])
    yield f"{a.name} = {b.name} = 0", {**x, a.name: zero, b.name: zero.copy()}
    for size in (1e-4, 1e3):
        scaled = x[b.name] * size
        yield f"{a.name} = {b.name}, size {size:g}", {**x, a.name: scaled, b.name: scaled.copy()}
    if a.is_label != b.is_label:
        truth, guess = (a, b) if a.is_label else (b, a)
        for r in (*RESIDUALS, *(-r for r in RESIDUALS[1:])):
            yield f"{guess.name} - {truth.name} = {r:g}", {**x, guess.name: x[truth.name] + r}
        yield f"{truth.name} = 0", {**x, truth.name: zero, guess.name: np.full_like(x[guess.name], 12.0)}


def _extreme_agreement(signature: Signature, x: dict[str, Array]) -> Iterator[tuple[str, dict[str, Array]]]:
    """Probabilities that are exactly the hard labels, and exactly not."""
    for p in signature.arguments:
        for y in signature.arguments:
            hard = y.domain in ("{0,1}", "{0,1}+", "unit") and y.is_label
            if p.domain == "unit" and not p.is_label and hard and np.shape(x[p.name]) == np.shape(x[y.name]):
                label = (x[y.name] > 0.5).astype(np.float64)
                yield f"{p.name} = {y.name} hard", {**x, p.name: label.copy(), y.name: label}
                yield f"{p.name} = 1 - {y.name} hard", {**x, p.name: 1.0 - label, y.name: label}


def templates(argument: Argument, v: Array) -> Iterator[tuple[str, Array]]:
    """Yield the named values of one argument, of the shape of the ordinary value ``v``."""
    match argument.domain:
        case "real":
            yield from _real(argument, v)
        case "unit" | "(0,1)":
            edge = (0.0, 1.0) if argument.domain == "unit" else ()
            for p in (*edge, 0.5, 1e-3, 1e-8, 1.0 - 2.0**-24):
                yield f"{p:.9g}", np.full_like(v, p)
        case "simplex" | "simplex+":
            yield from _simplex(argument, v)
        case "logsimplex":
            for gap in (0.0, 10.0, 90.0, 1e3):
                z = gap * _hot(argument, v, 0)
                z = z - z.max(axis=argument.class_axis, keepdims=True)
                yield f"gap {gap:g}", z - np.log(np.exp(z).sum(axis=argument.class_axis, keepdims=True))
        case "positive":
            for size in (1e-8, 1e-3, 1.0, 10.0, 100.0, 200.0, 1e4):
                yield f"{size:g}", np.full_like(v, size)
        case "[-1,1]":
            for c in (-1.0, 1.0, 0.0, 0.999, -0.999):
                yield f"{c:g}", np.full_like(v, c)
            if v.ndim > 1:
                yield "best", 2.0 * _hot(argument, v, 0) - 1.0
        case "box":
            for name, side in (("no height", 3), ("no width", 2)):
                box = v.copy()
                box[..., side] = box[..., side - 2]
                yield name, box
            yield "far", v + 50.0


def _real(argument: Argument, v: Array) -> Iterator[tuple[str, Array]]:
    yield "0", np.zeros_like(v)
    yield "all equal", np.full_like(v, 0.5)
    for size in SCALES:
        yield f"spread {size:.4g}", v / 1.5 * size
        if v.ndim >= 2:
            yield f"winner {size:.4g}", size * _hot(argument, v, 0)
            yield f"loser -{size:.4g}", -size * _hot(argument, v, 0)
        else:
            yield f"{size:.4g}", np.full_like(v, size)
            yield f"-{size:.4g}", np.full_like(v, -size)
    if any(axis in "KC" for axis in argument.shape):
        for size in OFFSETS:
            yield f"offset {size:g}", v + size
    if argument.shape and argument.shape[-1] == "L":
        for size in (90.0, 200.0):
            yield f"ramp {size:g}", np.broadcast_to(np.linspace(0.0, size, v.shape[-1]), v.shape).copy()


def _simplex(argument: Argument, v: Array) -> Iterator[tuple[str, Array]]:
    n = v.shape[argument.class_axis]
    hot = _hot(argument, v, 0)
    if argument.domain == "simplex":
        yield "first corner", hot
        yield "last corner", _hot(argument, v, -1)
    yield "uniform", np.full_like(v, 1.0 / n)
    for e in (2.0**-10, 2.0**-24, 2.0**-40):
        yield f"{e:.2g} from a corner", hot * (1.0 - e * n) + e
    if argument.domain == "simplex":
        face = v * (1.0 - hot)
        yield "a face", face / face.sum(axis=argument.class_axis, keepdims=True)


def _hot(argument: Argument, v: Array, index: int) -> Array:
    """1 for one class, 0 for the others."""
    out = np.zeros_like(v)
    np.moveaxis(out, argument.class_axis, -1)[..., index] = 1.0
    return out
