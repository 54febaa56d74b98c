"""The counterexample to a refuted property, drawn along the line between its two points.

Float values on a grid, for the eye: the verdict rests on the witness, which is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.engines.numeric import Array, evaluate
from losscheck.lifting.lifted import Lifted

POINTS = 81
BEYOND = 0.25
"""How far the line goes on beyond the two points, as a share of their distance."""


def counterexample(lifted: Lifted, name: str, witness: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a chart of the loss through the two points of a witness, None where it has another form.

    Points ``a`` and ``b`` of one label break an inequality between the loss and its chord; at ``at`` and ``other`` the
    sums over the labels differ.

    >>> from losscheck.expr import build as b
    >>> v = b.var("v")
    >>> loss = Lifted("margin", None, (1,), ("v",), "real", (b.minimum([v, b.ZERO]),))
    >>> chart = counterexample(loss, "convex", {"a": ["-1"], "b": ["1"], "label": 1})
    >>> [each["name"] for each in chart["series"]]
    ['loss of label 1', 'chord']
    """
    told = witness or {}
    chord = {"a", "b", "label"} <= told.keys()
    ends = [told.get(each) or () for each in (("a", "b") if chord else ("at", "other"))]
    if not (chord or "sums" in told) or (chord and told["label"] not in lifted.labels):
        return None
    try:
        one, other = (np.array([float(Fraction(x)) for x in each]) for each in ends)
    except (TypeError, ValueError, OverflowError):  # points of another form
        return None
    if one.shape != other.shape or len(one) != len(lifted.variables) or not np.any(one != other):
        return None
    inside = lifted.domain != "real"
    along = np.linspace(0.0 if inside else -BEYOND, 1.0 if inside else 1.0 + BEYOND, POINTS)
    along = np.union1d(along, (0.0, 1.0))
    series = _chord(lifted, one, other, along, told["label"]) if chord else _sums(lifted, one, other, along)
    return {
        "title": f"counterexample to {name}",
        "x_label": "from one point of the witness (0) to the other (1)",
        "y_label": "loss" if chord else "sum over the labels",
        "series": [each for each in series if each["y"]],
    }


def _at(lifted: Lifted, one: Array, other: Array, along: Array) -> list[Array]:
    places = {name: one[i] + along * (other[i] - one[i]) for i, name in enumerate(lifted.variables)}
    return evaluate(list(lifted.roots), places)


def _chord(lifted: Lifted, one: Array, other: Array, along: Array, label: Any) -> list[dict[str, Any]]:
    values = _at(lifted, one, other, along)[lifted.labels.index(label)]
    ends = np.array([0.0, 1.0])
    return [_series(f"loss of label {label}", along, values), _series("chord", ends, values[np.isin(along, ends)])]


def _sums(lifted: Lifted, one: Array, other: Array, along: Array) -> list[dict[str, Any]]:
    total = np.sum(_at(lifted, one, other, along), axis=0)
    if lifted.kind == "margin":  # the other label sees the margin with the other sign
        total = total + _at(lifted, -one, -other, along)[0]
    level = np.full_like(along, total[along == 0.0])
    return [_series("sum over the labels", along, total), _series("if it were constant", along, level)]


def _series(name: str, x: Array, y: Array) -> dict[str, Any]:
    keep = np.isfinite(y)
    return {"name": name, "x": [float(f"{a:.6g}") for a in x[keep]], "y": [float(f"{b:.6g}") for b in y[keep]]}
