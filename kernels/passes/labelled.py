"""Losses of a score and a label, element by element: one public call for all of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, floats, output, rounded


class LabelledLoss:
    """A loss of scores: ``loss(scores, labels, out=, grad=)``, for any shape and layout.

    The result has the dtype of the scores; ``grad`` receives the derivative. ``fill(x, y, value, grad)`` computes rows
    (n, 1) with positions of labels, in double precision.
    """

    def __init__(self, fill: Callable[..., None], labels: Sequence[int]) -> None:
        self.fill = fill
        self.labels = tuple(labels)

    def __call__(self, scores: Any, labels: Any, *, out: Array | None = None, grad: Array | None = None) -> Array:
        """The values.

        Raises
        ------
        TypeError
            For scores of a dtype that is not allowed.
        ValueError
            For labels that are none or have another shape, and for buffers of the wrong shape or dtype.
        """
        x, given = floats(scores, "scores"), np.asarray(labels)
        if given.shape != x.shape or not np.isin(given, self.labels).all():
            told = ", ".join(map(str, self.labels))
            raise ValueError(
                f"labels have shape {given.shape} and dtype {given.dtype}; give {told}, of shape {x.shape}"
            )
        value = output(out, x.shape, x.dtype, "out")
        slope = None if grad is None else output(grad, x.shape, x.dtype, "grad")
        y = np.searchsorted(self.labels, given.reshape(-1))
        wide, steep = np.empty(x.size), None if slope is None else np.empty((x.size, 1))
        self.fill(x.astype(np.float64).reshape(-1, 1), y, wide, steep)
        rounded(wide.reshape(x.shape), value)
        if slope is not None and steep is not None:
            rounded(steep.reshape(x.shape), slope)
        return value
