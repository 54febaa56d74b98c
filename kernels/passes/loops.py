"""The innermost loops over stretches of a row, in vectors.

The end of a stretch is read under a mask, so no loop has a remainder; the same mask leaves out the class ``own``, an
index from the start of the stretch (one outside of it leaves out nothing). Numbers are converted to the dtype computed
in, that of the shift, as they are read.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from losscheck.kernels.passes.exp import shifted
from losscheck.kernels.passes.lanes import Lanes
from losscheck.kernels.passes.options import EXACT, REDUCE

_instruction: Any = intrinsic
STEP = 128  # sums of so many are added up in double precision, compensated: a large one absorbs few small ones


class _Stretch:
    """Vectors of a stretch of a flat array, computed in one precision and stored in another."""

    def __init__(self, context: Any, builder: Any, array: Any, args: Any, double: bool) -> None:
        value, self.start, self.n, *_ = args
        self.builder = builder
        self.lanes = Lanes.vector(builder, double)
        self.stored = Lanes(builder, array.dtype == types.float64, self.lanes.count)
        self.index = ir.VectorType(ir.IntType(32), self.lanes.count)
        self.data = context.make_array(array)(context, builder, value).data

    def _each(self, numbers: Any) -> Any:
        return ir.Constant(self.index, [ir.Constant(ir.IntType(32), number) for number in numbers])

    def _spread(self, number: Any) -> Any:
        kind = Lanes(self.builder, False, self.lanes.count)
        return kind.spread(self.builder.trunc(number, ir.IntType(32)))

    def vectors(self, own: Any) -> Any:
        """Each vector: its place in the array, the mask of what is there, and of what counts."""
        b, count = self.builder, self.lanes.count
        width = ir.Constant(self.n.type, count)
        whole = b.sdiv(b.add(self.n, ir.Constant(self.n.type, count - 1)), width)
        with cgutils.for_range(b, whole) as loop:
            first = b.mul(loop.index, width)
            at = b.add(self._spread(first), self._each(range(count)))
            here = b.icmp_signed("<", at, self._spread(self.n))
            yield b.add(self.start, first), here, b.and_(here, b.icmp_signed("!=", at, self._spread(own)))

    def load(self, place: Any, mask: Any) -> Any:
        """The numbers that count, -inf elsewhere."""
        pointer = self.builder.gep(self.data, [place])
        x = self.stored.load(pointer, mask, self.stored.const(float("-inf")))
        return x if self.stored.double == self.lanes.double else self.builder.fpext(x, self.lanes.type)


def _place(context: Any, builder: Any, array: Any, value: Any, place: Any) -> Any:
    return builder.gep(context.make_array(array)(context, builder, value).data, [place])


@_instruction
def largest(typing: Any, source: Any, start: Any, n: Any, own: Any) -> Any:
    """Largest number of a stretch that is a number, -inf if there is none."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stretch = _Stretch(context, builder, source, args, source.dtype == types.float64)
        lanes = stretch.lanes
        kept = cgutils.alloca_once_value(builder, lanes.const(float("-inf")))
        for place, _, counts in stretch.vectors(args[3]):
            builder.store(lanes.at_least(builder.load(kept), stretch.load(place, counts)), kept)
        return lanes.folded(builder.load(kept), lanes.at_least)

    return source.dtype(source, types.intp, types.intp, types.intp), generate


@_instruction
def _sum(typing: Any, source: Any, start: Any, n: Any, own: Any, shift: Any, exact: Any, target: Any) -> Any:
    """Sum of the shifted exponentials of a stretch, which are written to ``target`` unless that is None."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stretch = _Stretch(context, builder, source, args, shift == types.float64)
        lanes, stored = stretch.lanes, stretch.stored
        kept = cgutils.alloca_once_value(builder, lanes.const(0.0))
        by = lanes.spread(args[4])
        for place, here, counts in stretch.vectors(args[3]):
            x = stretch.load(place, counts)
            e = shifted(lanes, x, by, exact != types.none, target != types.none)
            e = builder.select(counts, e, lanes.const(0.0))
            builder.store(builder.fadd(builder.load(kept), e), kept)
            if target != types.none:
                narrow = e if stored.double == lanes.double else builder.fptrunc(e, stored.type)
                stored.store(narrow, _place(context, builder, target, args[6], place), here)
        return lanes.folded(builder.load(kept), builder.fadd)

    return shift(source, types.intp, types.intp, types.intp, shift, exact, target), generate


@njit(**EXACT)
def exps(source: Any, start: int, n: int, own: int, shift: Any, exact: Any, target: Any) -> float:
    """Sum of the shifted exponentials of a stretch, written to ``target`` (0 for ``own``) unless that is None."""
    s, lost = 0.0, 0.0
    for first in range(0, n, STEP):
        part = np.float64(_sum(source, start + first, min(STEP, n - first), own - first, shift, exact, target))
        whole = s + part
        lost += part - (whole - s) if s >= part else s - (whole - part)
        s = whole
    return s + lost


@njit(**REDUCE)
def total_of(row: Any) -> float:
    """Sum of a row in double precision."""
    s = 0.0
    for j in range(row.shape[0]):
        s += np.float64(row[j])
    return s
