"""Rows of few numbers to columns and back, in registers: a butterfly of shuffles on a square of vectors.

Stage h exchanges, in each pair of vectors h apart, the upper half of every 2 h lanes of the first with the lower half
of the second.
"""

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from losscheck.kernels.passes.lanes import Lanes

_instruction: Any = intrinsic
_INT = ir.IntType(32)
TILE = 64  # rows, a multiple of the lanes of a vector


def transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """The columns of as many vectors as they have lanes."""
    rows, half = list(rows), len(rows) // 2
    while half:
        for i in (i for i in range(len(rows)) if not i & half):
            a, b = rows[i], rows[i + half]
            for at, first in ((i, 0), (i + half, half)):
                lanes = [(j & ~half) + first + (len(rows) if j & half else 0) for j in range(len(rows))]
                mask = ir.Constant(ir.VectorType(_INT, len(rows)), [ir.Constant(_INT, lane) for lane in lanes])
                rows[at] = builder.shuffle_vector(a, b, mask)
        half //= 2
    return rows


class _Square:
    """Squares of a tile: W rows of the array from ``row`` on, against W columns from ``column`` on."""

    def __init__(self, context: Any, builder: Any, types_: Any, values: Any, wide: bool, classes: int) -> None:
        self.builder = builder
        (array, tile), (self.source, self.t) = types_, values
        self.flat = context.make_array(array)(context, builder, self.source).data
        self.lines = context.make_array(tile)(context, builder, self.t).data
        fits = Lanes.vector(builder, wide).count
        self.lanes = Lanes(builder, wide, fits if classes > 8 else min(8, fits))
        self.stored = Lanes(builder, array.dtype == types.float64, self.lanes.count)

    def each(self, start: Any, rows: int, classes: int) -> Iterator[tuple[list[Any], list[Any], Any]]:
        """Pointers to the rows and to the columns of each square, and the mask of the columns that there are."""
        b, w = self.builder, self.lanes.count
        kind = start.type
        with cgutils.for_range(b, ir.Constant(kind, rows // w)) as loop:
            first = b.mul(loop.index, ir.Constant(kind, w))
            for column in range(0, classes, w):
                here = [ir.Constant(ir.IntType(1), int(column + j < classes)) for j in range(w)]
                at = b.add(start, b.mul(first, ir.Constant(kind, classes)))
                whole = [b.gep(self.flat, [b.add(at, ir.Constant(kind, i * classes + column))]) for i in range(w)]
                lines = [
                    b.gep(self.lines, [b.add(first, ir.Constant(kind, j * rows))])
                    for j in range(column, min(column + w, classes))
                ]
                yield whole, lines, ir.Constant(ir.VectorType(ir.IntType(1), w), here)


def _every(lanes: Lanes) -> Any:
    kind = ir.IntType(1)
    return ir.Constant(ir.VectorType(kind, lanes.count), [ir.Constant(kind, 1)] * lanes.count)


@_instruction
def to_lines(typing: Any, flat: Any, start: Any, classes: Any, t: Any) -> Any:
    """Read TILE rows of a flat array from ``start`` on into lines of the tile, a line per class."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        square = _Square(context, builder, (flat, t), (args[0], args[3]), t.dtype == types.float64, len(classes))
        lanes, stored = square.lanes, square.stored
        for whole, lines, here in square.each(args[1], TILE, len(classes)):
            read = [stored.load(pointer, here, stored.const(0.0)) for pointer in whole]
            if stored.double != lanes.double:
                read = [builder.fpext(x, lanes.type) for x in read]
            for column, pointer in zip(transposed(builder, read), lines, strict=False):
                lanes.store(column, pointer, _every(lanes))
        return context.get_dummy_value()

    return types.void(flat, types.intp, classes, t), generate


@_instruction
def from_lines(typing: Any, flat: Any, start: Any, classes: Any, t: Any) -> Any:
    """Write the lines of the tile back to rows."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        square = _Square(context, builder, (flat, t), (args[0], args[3]), t.dtype == types.float64, len(classes))
        lanes, stored = square.lanes, square.stored
        for whole, lines, here in square.each(args[1], TILE, len(classes)):
            columns = [lanes.load(pointer, _every(lanes), lanes.const(0.0)) for pointer in lines]
            columns += [lanes.const(0.0)] * (lanes.count - len(columns))
            for row, pointer in zip(transposed(builder, columns), whole, strict=True):
                narrow = row if stored.double == lanes.double else builder.fptrunc(row, stored.type)
                stored.store(narrow, pointer, here)
        return context.get_dummy_value()

    return types.void(flat, types.intp, classes, t), generate
