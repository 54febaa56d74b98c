"""Maps of a row of logits to a row, or to a number: one public call for all of them."""

import math
from collections.abc import Callable
from typing import Any

from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.chunks import over_chunks


class RowMap:
    """A map of rows: ``f(logits, out=, accurate=, threads=)``.

    Shapes: logits (N, K) in any layout -> (N, K) or (N,), in the dtype of the logits; ``out`` may be the logits' own
    array. ``accurate`` computes single precision in double, and compensates the differences of doubles; declared errors
    are those of ``accurate``.
    """

    def __init__(self, chunk: Callable[[Array, Array, bool], None], reduces: bool, alone: float) -> None:
        self.chunk = chunk
        self.reduces, self.alone = reduces, alone
        self.__name__ = chunk.__name__
        self.__module__ = chunk.__module__
        self.__doc__ = f"{chunk.__doc__}\n\n    {type(self).__doc__}"

    def __call__(self, logits: Any, *, out: Array | None = None, accurate: bool = False, threads: int = 1) -> Array:
        """The rows or numbers.

        Raises
        ------
        TypeError
            For logits of a dtype that is not allowed.
        ValueError
            For logits that are no rows of classes, a buffer of the wrong shape or dtype, and fewer than one thread.
        """
        x = floats(logits, "logits", 2)
        value = output(out, x.shape[:1] if self.reduces else x.shape, x.dtype, "out")

        def run(cut: slice, part: Array, wide: Array) -> None:
            self.chunk(part, wide, bool(accurate))

        over_chunks(run, [x], [value], threads, alone=x.shape[1] >= self.alone)
        return value


def row_map(*, reduces: bool, alone: float = math.inf) -> Callable[[Callable[[Array, Array, bool], None]], RowMap]:
    """Make a function ``chunk(x, value, accurate)`` of a chunk of rows the public map of its name.

    From ``alone`` classes on it finishes every row before it reads the next one.
    """
    return lambda chunk: RowMap(chunk, reduces, alone)
