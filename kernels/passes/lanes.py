"""Instructions on several numbers at once, for LLVM: Numba has no vectors, and leaves the ends of rows to slow loops.

``Lanes`` writes the same instructions for one number or for a vector of them; the vector is 512 bits wide, and LLVM
splits it where the processor has less.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir

BITS = 512


class Lanes:
    """A builder of instructions on ``count`` floats of single or double precision; one is a plain number."""

    def __init__(self, builder: Any, double: bool, count: int = 1) -> None:
        self.builder = builder
        self.double, self.count = double, count
        self.one: Any = ir.DoubleType() if double else ir.FloatType()
        self.whole: Any = ir.IntType(64 if double else 32)
        self.type = self._wide(self.one)
        self.integer = self._wide(self.whole)

    @classmethod
    def vector(cls, builder: Any, double: bool) -> "Lanes":
        """As many as fit."""
        return cls(builder, double, BITS // (64 if double else 32))

    def _wide(self, kind: Any) -> Any:
        return kind if self.count == 1 else ir.VectorType(kind, self.count)

    def const(self, number: float) -> Any:
        """The float, in every lane."""
        value = ir.Constant(self.one, float(number))
        return value if self.count == 1 else ir.Constant(self.type, [value] * self.count)

    def integers(self, numbers: int | Sequence[int]) -> Any:
        """The integer in every lane, or one in each."""
        if self.count == 1:
            return ir.Constant(self.whole, numbers)
        each = [numbers] * self.count if isinstance(numbers, int) else numbers
        return ir.Constant(self.integer, [ir.Constant(self.whole, number) for number in each])

    def spread(self, scalar: Any) -> Any:
        """A value known at run time, in every lane."""
        if self.count == 1:
            return scalar
        empty = ir.Constant(self._wide(scalar.type), ir.Undefined)
        first = self.builder.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(ir.IntType(32), self.count), None))

    def fma(self, x: Any, y: Any, z: Any) -> Any:
        """``x * y + z``, rounded once."""
        function = self._declared(f"llvm.fma.{self._suffix()}", ir.FunctionType(self.type, [self.type] * 3))
        return self.builder.call(function, [x, y, z])

    def at_least(self, x: Any, low: Any) -> Any:
        """``low`` where it exceeds x, else x; NaN passes."""
        return self.builder.select(self.builder.fcmp_ordered(">", low, x), low, x)

    def at_most(self, x: Any, high: Any) -> Any:
        """``high`` where x exceeds it, else x; NaN passes."""
        return self.builder.select(self.builder.fcmp_ordered("<", high, x), high, x)

    def shifted(self, x: Any, bits: int) -> Any:
        """The float whose bits are those of the integer x, moved up."""
        return self.builder.bitcast(self.builder.shl(x, self.integers(bits)), self.type)

    def halves(self, x: Any) -> list[Any]:
        """The lower lanes and the upper ones."""
        half, kind, empty = self.count // 2, ir.IntType(32), ir.Constant(x.type, ir.Undefined)
        places = [[ir.Constant(kind, first + i) for i in range(half)] for first in (0, half)]
        wide = ir.VectorType(kind, half)
        return [self.builder.shuffle_vector(x, empty, ir.Constant(wide, place)) for place in places]

    def folded(self, x: Any, combine: Any) -> Any:
        """One number of all lanes, by halves."""
        lanes = self
        while lanes.count > 1:
            x = combine(*lanes.halves(x))
            lanes = Lanes(self.builder, self.double, lanes.count // 2)
        return self.builder.extract_element(x, ir.Constant(ir.IntType(32), 0))

    def load(self, pointer: Any, mask: Any, otherwise: Any) -> Any:
        """What is stored from here on where the mask holds, else ``otherwise``."""
        kind = ir.FunctionType(self.type, [pointer.type, ir.IntType(32), mask.type, self.type])
        aligned = ir.Constant(ir.IntType(32), 8 if self.double else 4)
        return self.builder.call(
            self._declared(f"llvm.masked.load.{self._suffix()}.p0", kind), [pointer, aligned, mask, otherwise]
        )

    def store(self, x: Any, pointer: Any, mask: Any) -> None:
        """Store where the mask holds."""
        kind = ir.FunctionType(ir.VoidType(), [self.type, pointer.type, ir.IntType(32), mask.type])
        aligned = ir.Constant(ir.IntType(32), 8 if self.double else 4)
        self.builder.call(self._declared(f"llvm.masked.store.{self._suffix()}.p0", kind), [x, pointer, aligned, mask])

    def _suffix(self) -> str:
        return f"{f'v{self.count}' if self.count > 1 else ''}f{64 if self.double else 32}"

    def _declared(self, name: str, kind: Any) -> Any:
        known = self.builder.module.globals.get(name)
        return known or ir.Function(self.builder.module, kind, name)
