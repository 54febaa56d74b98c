"""Losses of a row of logits and a true class: one public call for all of them.

A loss is a function of a chunk of rows, ``chunk(x, y, value, grad, scale, accurate, *parameters)``, that fills in the
values and, where ``grad`` is not None, ``scale`` times the gradient. ``RowLoss`` checks the arguments, prepares the
buffers and runs it over the chunks.
"""

from collections.abc import Callable
from typing import Any

from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.buffers import labels as true_classes
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.parameter import Parameter, bound

Chunk = Callable[..., None]


class RowLoss:
    """A loss of rows: ``loss(logits, labels, *parameters, out=, grad=, scale=, accurate=, threads=)``.

    Shapes: logits (N, K) in any layout, labels (N,) -> values (N,), in the dtype of the logits. ``grad``, shape (N, K),
    receives ``scale`` times the gradient, and may be the logits' own array. ``accurate`` computes single precision in
    double, and compensates the differences of doubles; declared errors are those of ``accurate``.
    """

    def __init__(self, chunk: Chunk, parameters: tuple[Parameter, ...], classes: int | None = None) -> None:
        self.chunk = chunk
        self.parameters = parameters
        self.classes = classes  # None: any number
        self.__name__ = chunk.__name__
        self.__module__ = chunk.__module__
        self.__doc__ = f"{chunk.__doc__}\n\n    {type(self).__doc__}"

    def __call__(
        self,
        logits: Any,
        labels: Any,
        *parameters: float,
        out: Array | None = None,
        grad: Array | None = None,
        scale: float = 1.0,
        accurate: bool = False,
        threads: int = 1,
        **named: float,
    ) -> Array:
        """The values, one per row.

        Raises
        ------
        TypeError
            For logits of a dtype that is not allowed, and for parameters that the loss does not have.
        ValueError
            For logits that are no rows of classes, labels and parameters out of range, buffers of the wrong shape or
            dtype, and fewer than one thread.
        """
        values = bound(self.parameters, parameters, named)
        x = floats(logits, "logits", 2)
        if self.classes not in (None, x.shape[1]):
            raise ValueError(f"logits have shape {x.shape}; this kernel was made for {self.classes} classes")
        y = true_classes(labels, *x.shape)
        value = output(out, (len(x),), x.dtype, "out")
        kept = None if grad is None else output(grad, x.shape, x.dtype, "grad")

        def run(cut: slice, part: Array, narrow: Array, steep: Array | None) -> None:
            self.chunk(part, y[cut], narrow, steep, float(scale), bool(accurate), *values)

        over_chunks(run, [x], [value, kept], threads)
        return value


def row_loss(*parameters: Parameter) -> Callable[[Chunk], RowLoss]:
    """Make a function of a chunk of rows the public loss of its name."""
    return lambda chunk: RowLoss(chunk, parameters)
