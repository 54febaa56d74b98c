"""exp by reduction to [-ln 2 / 2, ln 2 / 2] and a polynomial, without a branch: for one number or a vector of them.

The whole range is right: subnormal results, 0 below, infinity above, NaN for NaN. Rounding to an integer is by a magic
number, since converting NaN to an integer is undefined. Single precision: 1.03 ulp over every float; double precision:
1.07 ulp on 120 000 samples. Polynomials after S. L. Moshier, Cephes (1989), and a Chebyshev fit of degree 9.
"""

from dataclasses import dataclass
from typing import Any

from numba import njit, types
from numba.extending import intrinsic

from losscheck.kernels.passes.lanes import Lanes
from losscheck.kernels.passes.options import INLINE

_instruction: Any = intrinsic  # untyped: a caller passes no typing context
_LOG2E = 1.44269504088896340736


@dataclass(frozen=True)
class _Precision:
    """Of one precision: ln 2 in two parts, the ends of the range, what rounds to an integer, the polynomial."""

    high: float
    low: float
    least: float
    most: float
    deepest: float  # where the result is the smallest normal number
    magic: float
    magic_bits: int
    bias: int
    shift: int
    lift: int  # binades from the deepest subnormal number to well inside the normal ones
    polynomial: tuple[float, ...]


_SINGLE = _Precision(
    0.693359375, -2.12194440e-4, -104.0, 88.8, -87.33654, 12582912.0, 0x4B400000, 127, 23, 64,
    (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1),
)  # fmt: skip
_DOUBLE = _Precision(
    6.93147180369123816490e-01, 1.90821492927058770002e-10, -746.0, 709.9, -708.39, 6755399441055744.0,
    0x4338000000000000, 1023, 52, 512,
    (
        2.5100424157005067e-08, 2.7620138719733994e-07, 2.7557268378684192e-06, 2.480152119021773e-05,
        0.00019841269863105968, 0.0013888888917281794, 0.008333333333330051, 0.04166666666662399,
        0.16666666666666669, 0.5,
    ),
)  # fmt: skip


def _reduced(lanes: Lanes, c: Any, of: _Precision) -> tuple[Any, Any]:
    """Exp of c without its power of 2, and the bits that hold the exponent."""
    b = lanes.builder
    t = lanes.fma(c, lanes.const(_LOG2E), lanes.const(of.magic))
    n = b.fsub(lanes.const(of.magic), t)  # minus the integer
    r = lanes.fma(n, lanes.const(of.low), lanes.fma(n, lanes.const(of.high), c))
    p = lanes.const(of.polynomial[0])
    for coefficient in of.polynomial[1:]:
        p = lanes.fma(p, r, lanes.const(coefficient))
    y = b.fadd(lanes.fma(b.fmul(p, r), r, r), lanes.const(1.0))
    return y, b.bitcast(t, lanes.integer)


def term(lanes: Lanes, x: Any) -> Any:
    """Exp of x <= 0 as a term of a sum that is at least 1.

    What is below the normal numbers counts as the smallest of them (1.2e-38, 2.2e-308), which saves a factor and the
    slow arithmetic of subnormal numbers.
    """
    of = _DOUBLE if lanes.double else _SINGLE
    y, bits = _reduced(lanes, lanes.at_least(x, lanes.const(of.deepest)), of)
    return lanes.builder.fmul(y, lanes.shifted(lanes.builder.add(bits, lanes.integers(of.bias)), of.shift))


def exp(lanes: Lanes, x: Any) -> Any:
    """Exp of anything."""
    of = _DOUBLE if lanes.double else _SINGLE
    b = lanes.builder
    y, bits = _reduced(lanes, lanes.at_most(lanes.at_least(x, lanes.const(of.least)), lanes.const(of.most)), of)
    k = b.sub(bits, lanes.integers(of.magic_bits))
    half = b.ashr(k, lanes.integers(1))  # two factors, so that the power of 2 itself neither overflows nor underflows
    for part in (half, b.sub(k, half)):
        y = b.fmul(y, lanes.shifted(b.add(part, lanes.integers(of.bias)), of.shift))
    return y


def below(lanes: Lanes, x: Any) -> Any:
    """Exp of x <= 0, or NaN, down to subnormal numbers.

    The power of 2 is formed too large and a constant makes it good, so it stays a normal number without being split.
    """
    of, b = _DOUBLE if lanes.double else _SINGLE, lanes.builder
    y, bits = _reduced(lanes, lanes.at_least(x, lanes.const(of.least)), of)
    power = lanes.shifted(b.add(bits, lanes.integers(of.bias + of.lift)), of.shift)
    return b.fmul(b.fmul(y, power), lanes.const(2.0**-of.lift))


def compensated(lanes: Lanes, x: Any, shift: Any) -> Any:
    """``exp(x - shift)`` for x <= shift, the rounding of the difference made good (TwoSum)."""
    b = lanes.builder
    d = b.fsub(x, shift)
    back = b.fsub(d, x)
    lost = b.fsub(b.fsub(x, b.fsub(d, back)), b.fadd(shift, back))
    finite = b.fcmp_ordered(">", d, lanes.const(-1500.0))  # infinite differences have lost nothing
    e = below(lanes, d)
    return lanes.fma(e, b.select(finite, lost, lanes.const(0.0)), e)


def shifted(lanes: Lanes, x: Any, shift: Any, exact: bool, whole: bool) -> Any:
    """``exp(x - shift)`` for x <= shift: of all digits if ``exact``, down to subnormal numbers if ``whole``.

    An error of x - shift of half a unit is up to 64 ulp of the result in single precision, and 512 in double. Single
    numbers are computed in double precision where more is asked for; for doubles the difference is compensated.
    """
    if exact and lanes.double:
        return compensated(lanes, x, shift)
    d = lanes.builder.fsub(x, shift)
    return below(lanes, d) if whole else term(lanes, d)


@_instruction
def _scalar_exp(typing: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return exp(Lanes(builder, x == types.float64), args[0])

    return x(x), generate


@njit(**INLINE)
def exp64(x: Any) -> Any:
    """Exp in double precision."""
    return _scalar_exp(x)


def _scalar(whole: bool) -> Any:
    def typed(typing: Any, x: Any, shift: Any, exact: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            wide = context.cast(builder, args[0], x, shift)
            return shifted(Lanes(builder, shift == types.float64), wide, args[1], exact != types.none, whole)

        return shift(x, shift, exact), generate

    return typed


_term, _shifted = _instruction(_scalar(False)), _instruction(_scalar(True))


# Functions of their own, with their own flags: those of a loop that allows reordering would undo the compensation.
@njit(**INLINE)
def exp_term(x: Any, shift: Any, exact: Any) -> Any:
    """``exp(x - shift)`` for x <= shift, as a term of a sum that is at least 1."""
    return _term(x, shift, exact)


@njit(**INLINE)
def exp_shifted(x: Any, shift: Any, exact: Any) -> Any:
    """``exp(x - shift)``, down to subnormal numbers."""
    return _shifted(x, shift, exact)
