"""The rows of a batch as points of the variables a lifted loss has, each with its label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.lifting.calls import Call, Label

Point = dict[str, float]


def points(call: Call, inputs: Sequence[Array]) -> list[tuple[Label, Point]]:
    """Return label and point of each row of ``inputs``, arrays in the order of the call.

    >>> points(Call("logits", 2), [np.array([[1.0, 2.0]]), np.array([1])])
    [(1, {'z0': 1.0, 'z1': 2.0})]

    Raises
    ------
    ValueError
        When a shape or a label is not one of the call's.
    """
    arguments = [*call.inputs, *([call.label] if call.label else [])]
    shapes = [np.shape(each) for each in inputs]
    count = shapes[0][0] if shapes and shapes[0] else 0
    wanted = [tuple(call.n_classes if a in "KCM" else count for a in each.shape) for each in arguments]
    if shapes != wanted:
        names = ", ".join(a.name for a in arguments)
        raise ValueError(f"inputs of shapes {shapes}; {names} must have {wanted} for {count} rows")
    if not count:
        return []
    rows = np.concatenate([np.reshape(x, (count, -1)) for x in inputs[: len(call.inputs)]], axis=1).astype(np.float64)
    labels = [_label(call, row) for row in inputs[-1]] if call.label else [None] * count
    return [
        (label, dict(zip(call.variables, map(float, row), strict=True)))
        for label, row in zip(labels, rows, strict=True)
    ]


def _label(call: Call, given: Array) -> Label:
    said: Label = tuple(int(v) for v in given) if np.ndim(given) else int(given)
    if said not in call.labels:
        name = call.label.name if call.label else "the label"
        raise ValueError(f"{name} = {said} is no label; labels are {', '.join(map(str, call.labels[:8]))}")
    return said
