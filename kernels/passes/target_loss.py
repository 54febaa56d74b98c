"""Losses of rows of logits and a target for every class: one public call for all of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.parameter import Parameter, bound


class TargetLoss:
    """A loss of rows with targets: ``loss(logits, targets, *parameters, out=, grad=, scale=, threads=)``.

    Shapes: logits (N, K) in any layout, targets (N, K) of numbers 0 or 1 (integers, booleans or floats) -> sums over
    the classes (N,), in the dtype of the logits. ``grad``, shape (N, K), receives ``scale`` times the gradient. Rows
    are computed in double precision and rounded once.
    """

    def __init__(self, loop: Callable[..., None], parameters: tuple[Parameter, ...]) -> None:
        self.loop: Any = njit(**EXACT)(loop)
        self.parameters = parameters
        self.__name__ = loop.__name__
        self.__module__ = loop.__module__
        self.__doc__ = f"{loop.__doc__}\n\n    {type(self).__doc__}"

    def __call__(
        self,
        logits: Any,
        targets: Any,
        *parameters: float,
        out: Array | None = None,
        grad: Array | None = None,
        scale: float = 1.0,
        threads: int = 1,
        **named: float,
    ) -> Array:
        """The sums, one per row.

        Raises
        ------
        TypeError
            For logits of a dtype that is not allowed, and for parameters that the loss does not have.
        ValueError
            For arguments of other shapes, targets but 0 and 1, parameters out of range, and fewer than one thread.
        """
        values = bound(self.parameters, parameters, named)
        x = floats(logits, "logits", 2)
        t = np.asarray(targets)
        if t.shape != x.shape or not ((t == 0) | (t == 1)).all():
            raise ValueError(f"targets have shape {t.shape} and dtype {t.dtype}; give 0 or 1, of shape {x.shape}")
        value = output(out, (len(x),), x.dtype, "out")
        kept = None if grad is None else output(grad, x.shape, x.dtype, "grad")
        positive = np.ascontiguousarray(t == 1)

        def run(cut: slice, part: Array, narrow: Array, steep: Array | None) -> None:
            self.loop(part, positive[cut], narrow, steep, float(scale), *values)

        over_chunks(run, [x], [value, kept], threads)
        return value


def target_loss(*parameters: Parameter) -> Callable[[Callable[..., None]], TargetLoss]:
    """Compile ``loop(x, positive, value, grad or None, scale, *parameters)`` to the public loss of its name."""
    return lambda loop: TargetLoss(loop, parameters)
