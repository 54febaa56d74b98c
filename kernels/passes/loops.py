"""The innermost loops over stretches of a row, in vectors.

Numbers are converted to the dtype computed in, that of the shift or factor, as they are read; the class ``own``, an
index from the start of the stretch, is left out (None or an index outside leave out nothing). Sums are kept in double
precision, lane by lane: a large term absorbs few small ones.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from losscheck.kernels.passes.exp import shifted
from losscheck.kernels.passes.lanes import Lanes
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.stretch import FOUR, Stretch

_instruction: Any = intrinsic


def _paired(numbers: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
    """One of all, by pairs."""
    while len(numbers) > 1:
        numbers = [combine(*numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
    return numbers[0]


def _own(kind: Any, value: Any) -> Any:
    return None if kind == types.none else value


@_instruction
def largest(typing: Any, source: Any, start: Any, n: Any, own: Any) -> Any:
    """Largest number of a stretch that is a number, -inf if there is none."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stretch = Stretch(context, builder, source, args[:3], source.dtype == types.float64)
        lanes = stretch.lanes
        kept = [cgutils.alloca_once_value(builder, lanes.const(float("-inf"))) for _ in range(FOUR)]
        for vectors in stretch.vectors(_own(own, args[3])):
            for best, (place, _, counts) in zip(kept, vectors, strict=False):
                builder.store(lanes.at_least(builder.load(best), stretch.load(place, counts)), best)
        return lanes.folded(_paired([builder.load(best) for best in kept], lanes.at_least), lanes.at_least)

    return source.dtype(source, types.intp, types.intp, _place(own)), generate


def _place(own: Any) -> Any:
    return types.none if own == types.none else types.intp


class _Total:
    """A sum of vectors in double precision; that of doubles is compensated (TwoSum)."""

    def __init__(self, builder: Any, terms: Lanes) -> None:
        self.builder, self.terms = builder, terms
        self.lanes = Lanes.vector(builder, True)
        self.parts = [cgutils.alloca_once_value(builder, self.lanes.const(0.0)) for _ in range(2)]

    def add(self, x: Any) -> None:
        b, (first, second) = self.builder, self.parts
        if not self.terms.double:
            for part, half in zip(self.parts, self.terms.halves(x), strict=True):
                b.store(b.fadd(b.load(part), b.fpext(half, self.lanes.type)), part)
            return
        old = b.load(first)
        new = b.fadd(old, x)
        back = b.fsub(new, old)
        lost = b.fadd(b.fsub(old, b.fsub(new, back)), b.fsub(x, back))
        b.store(new, first)
        b.store(b.fadd(b.load(second), lost), second)

    def folded(self) -> Any:
        b, (first, second) = self.builder, (self.builder.load(part) for part in self.parts)
        return self.lanes.folded(b.fadd(first, second), b.fadd)


@_instruction
def exps(typing: Any, source: Any, start: Any, n: Any, own: Any, shift: Any, exact: Any, target: Any) -> Any:
    """Sum of the shifted exponentials of a stretch, written to ``target`` (0 for ``own``) unless that is None."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        double, writes = shift == types.float64, target != types.none
        stretch = Stretch(context, builder, source, args[:3], double)
        into = Stretch(context, builder, target, (args[6], *args[1:3]), double) if writes else None
        lanes = stretch.lanes
        by, total = lanes.spread(args[4]), _Total(builder, lanes)
        for vectors in stretch.vectors(_own(own, args[3])):
            terms = []
            for place, here, counts in vectors:
                e = shifted(lanes, stretch.load(place, counts), by, exact != types.none, writes)
                terms.append(e if counts is None else builder.select(counts, e, lanes.const(0.0)))
                if into is not None:
                    into.store(terms[-1], place, here)
            total.add(_paired(terms, builder.fadd))
        return total.folded()

    return types.float64(source, types.intp, types.intp, _place(own), shift, exact, target), generate


@_instruction
def multiply(typing: Any, target: Any, start: Any, n: Any, factor: Any) -> Any:
    """Multiply a stretch, in the precision of the factor."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stretch = Stretch(context, builder, target, args[:3], factor == types.float64)
        by = stretch.lanes.spread(args[3])
        for vectors in stretch.vectors():
            for place, here, _ in vectors:
                stretch.store(builder.fmul(stretch.load(place, here), by), place, here)
        return context.get_dummy_value()

    return types.void(target, types.intp, types.intp, factor), generate


@njit(**REDUCE)
def total_of(row: Any) -> float:
    """Sum of a row in double precision."""
    s = 0.0
    for j in range(row.shape[0]):
        s += np.float64(row[j])
    return s
