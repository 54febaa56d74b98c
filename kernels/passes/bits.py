"""Instructions that Numba has no name for: bits of a float, fused multiply-add, maxima and clamps that vectorise."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_instruction: Any = intrinsic  # untyped: a caller passes no typing context
_INTEGER: dict[Any, Any] = {types.float32: types.int32, types.float64: types.int64}
_FLOAT: dict[Any, Any] = {integer: float_ for float_, integer in _INTEGER.items()}


@_instruction
def to_bits(typing: Any, x: Any) -> Any:
    """The bits of a float as an integer of its width."""
    result = _INTEGER[x]

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), generate


@_instruction
def from_bits(typing: Any, x: Any) -> Any:
    """The float that has these bits."""
    result = _FLOAT[x]

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), generate


@_instruction
def fma(typing: Any, x: Any, y: Any, z: Any) -> Any:
    """``x * y + z``, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return x(x, x, x), generate


@_instruction
def maximum(typing: Any, x: Any, y: Any) -> Any:
    """The larger one, NaN if either is; Python's ``max`` would keep a reduction from vectorising."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = args[0].type
        function = builder.module.declare_intrinsic("llvm.maximum", [kind], ir.FunctionType(kind, [kind, kind]))
        return builder.call(function, args)

    return x(x, x), generate


@_instruction
def at_least(typing: Any, x: Any, low: Any) -> Any:
    """``low`` where it exceeds x, else x; NaN passes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[1], args[0]), args[1], args[0])

    return x(x, x), generate


@_instruction
def at_most(typing: Any, x: Any, high: Any) -> Any:
    """``high`` where x exceeds it, else x; NaN passes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[1], args[0]), args[1], args[0])

    return x(x, x), generate
