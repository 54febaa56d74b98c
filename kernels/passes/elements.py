"""Losses of a margin: one public call for all of them.

Loops compute in double precision and round once, so results in single precision are right to about half an ulp.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.buffers import Array, computed, floats, output, rounded
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.parameter import Parameter, bound


class MarginLoss:
    """A loss of a margin: ``loss(margins, *parameters, out=, grad=)``, element by element, for any shape and layout.

    The result has the dtype of the margins; ``grad`` receives the derivative. The slope at a kink is that of its right
    side.
    """

    def __init__(self, loop: Callable[..., None], parameters: tuple[Parameter, ...]) -> None:
        self.loop: Any = loop
        self.parameters = parameters
        self.__name__ = loop.__name__
        self.__module__ = loop.__module__
        self.__doc__ = f"{loop.__doc__}\n\n    {type(self).__doc__}"

    def __call__(
        self, margins: Any, *parameters: float, out: Array | None = None, grad: Array | None = None, **named: float
    ) -> Array:
        """The values.

        Raises
        ------
        TypeError
            For margins of a dtype that is not allowed, and for parameters that the loss does not have.
        ValueError
            For parameters out of range and buffers of the wrong shape or dtype.
        """
        values = bound(self.parameters, parameters, named)
        given = floats(margins, "margins")
        kind = computed(given.dtype)
        value = output(out, given.shape, given.dtype, "out")
        slope = None if grad is None else output(grad, given.shape, given.dtype, "grad")
        wide = value if kind == value.dtype else np.empty(value.shape, kind)
        steep = slope if slope is None or kind == slope.dtype else np.empty(slope.shape, kind)
        v = np.ascontiguousarray(given, kind)
        if np.may_share_memory(v, wide) or (steep is not None and np.may_share_memory(v, steep)):
            v = v.copy()
        self.loop(v.reshape(-1), wide.reshape(-1), None if steep is None else steep.reshape(-1), *values)
        for buffer, kept in ((value, wide), (slope, steep)):
            if buffer is not None and kept is not None and kept is not buffer:
                rounded(kept, buffer)
        return value


def margin_loss(*parameters: Parameter) -> Callable[[Callable[..., None]], MarginLoss]:
    """Compile ``loop(v, value, slope or None, *parameters)`` to the public loss of its name."""
    return lambda loop: MarginLoss(njit(**EXACT)(loop), parameters)
