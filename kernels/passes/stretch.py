"""A stretch of a row, vector by vector: whole vectors by fours without a mask, then single ones, then what is left.

Only the last vector is read and written under a mask, so that no loop over numbers remains. The class ``own``, an index
from the start of the stretch, does not count (one outside of it leaves out nothing, nor does None).
"""

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from losscheck.kernels.passes.lanes import Lanes

FOUR = 4  # vectors at a time: their sums and maxima do not wait for each other
Vector = tuple[Any, Any, Any]
"""Place from the start, mask of what is there, mask of what counts; None for a mask that always holds."""


class Stretch:
    """``n`` numbers of a flat array from ``start``, computed in one precision and stored in another."""

    def __init__(self, context: Any, builder: Any, array: Any, args: Any, double: bool) -> None:
        value, self.start, self.n = args
        self.builder = builder
        self.lanes = Lanes.vector(builder, double)
        self.stored = Lanes(builder, array.dtype == types.float64, self.lanes.count)
        self.data = context.make_array(array)(context, builder, value).data

    def vectors(self, own: Any = None) -> Iterator[list[Vector]]:
        """The code is written three times: for four vectors, for one, and for what is left."""
        b, count, done = self.builder, self.lanes.count, self._number(0)
        for together in (FOUR, 1):
            width = self._number(count * together)
            turns = b.sdiv(b.sub(self.n, done), width)
            with cgutils.for_range(b, turns) as loop:
                first = b.add(done, b.mul(loop.index, width))
                places = [b.add(first, self._number(count * i)) for i in range(together)]
                yield [(place, None, self._others(place, own)) for place in places]
            done = b.add(done, b.mul(turns, width))
        with b.if_then(b.icmp_signed("<", done, self.n)):
            here = b.icmp_signed("<", self._lane(), self._spread(b.sub(self.n, done)))
            others = self._others(done, own)
            yield [(done, here, here if others is None else b.and_(here, others))]

    def load(self, place: Any, mask: Any) -> Any:
        """The numbers that count, -inf elsewhere."""
        pointer = self.builder.gep(self.data, [self.builder.add(self.start, place)])
        if mask is None:
            x = self.builder.load(self._whole(pointer), align=self._size())
        else:
            x = self.stored.load(pointer, mask, self.stored.const(float("-inf")))
        return x if self.stored.double == self.lanes.double else self.builder.fpext(x, self.lanes.type)

    def store(self, x: Any, place: Any, mask: Any) -> None:
        """Store the numbers that are there."""
        pointer = self.builder.gep(self.data, [self.builder.add(self.start, place)])
        narrow = x if self.stored.double == self.lanes.double else self.builder.fptrunc(x, self.stored.type)
        if mask is None:
            self.builder.store(narrow, self._whole(pointer), align=self._size())
        else:
            self.stored.store(narrow, pointer, mask)

    def _others(self, place: Any, own: Any) -> Any:
        b = self.builder
        return None if own is None else b.icmp_signed("!=", self._lane(), self._spread(b.sub(own, place)))

    def _lane(self) -> Any:
        kind = ir.IntType(32)
        numbers = [ir.Constant(kind, number) for number in range(self.lanes.count)]
        return ir.Constant(ir.VectorType(kind, self.lanes.count), numbers)

    def _spread(self, number: Any) -> Any:
        kind = Lanes(self.builder, False, self.lanes.count)
        return kind.spread(self.builder.trunc(number, ir.IntType(32)))

    def _number(self, number: int) -> Any:
        return ir.Constant(self.n.type, number)

    def _whole(self, pointer: Any) -> Any:
        return self.builder.bitcast(pointer, self.stored.type.as_pointer())

    def _size(self) -> int:
        return 8 if self.stored.double else 4
