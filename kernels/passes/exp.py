"""exp by reduction to [-ln 2 / 2, ln 2 / 2] and a polynomial, written so that LLVM vectorises the loop around it.

The whole range is right: subnormal results, 0 below, infinity above, NaN for NaN. Rounding to an integer is by a magic
number, since converting NaN to an integer is undefined. Single precision: 1.03 ulp over every float; double precision:
1.07 ulp on 120 000 samples. Polynomials after S. L. Moshier, Cephes (1989), and a Chebyshev fit of degree 9.
"""

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from losscheck.kernels.passes.bits import at_least, at_most, fma, from_bits, to_bits
from losscheck.kernels.passes.options import INLINE

_F = np.float32
_LOG2E32, _HIGH32, _LOW32 = _F(1.44269504088896340736), _F(0.693359375), _F(-2.12194440e-4)
_MAGIC32, _MAGIC_BITS32 = _F(12582912.0), np.int32(0x4B400000)
_A0, _A1, _A2 = _F(1.9875691500e-4), _F(1.3981999507e-3), _F(8.3334519073e-3)
_A3, _A4, _A5 = _F(4.1665795894e-2), _F(1.6666665459e-1), _F(5.0000001201e-1)
_ONE32, _MIN32, _MAX32 = _F(1), _F(-104.0), _F(88.8)
_BIAS32, _SHIFT32, _UNIT32 = np.int32(127), np.int32(23), np.int32(1)

_LOG2E64, _HIGH64, _LOW64 = 1.44269504088896340736, 6.93147180369123816490e-01, 1.90821492927058770002e-10
_MAGIC64, _MAGIC_BITS64 = 6755399441055744.0, np.int64(0x4338000000000000)
_B0, _B1, _B2 = 2.5100424157005067e-08, 2.7620138719733994e-07, 2.7557268378684192e-06
_B3, _B4, _B5 = 2.480152119021773e-05, 0.00019841269863105968, 0.0013888888917281794
_B6, _B7, _B8, _B9 = 0.008333333333330051, 0.04166666666662399, 0.16666666666666669, 0.5
_BIAS64, _SHIFT64, _UNIT64 = np.int64(1023), np.int64(52), np.int64(1)


@njit(**INLINE)
def exp32(x: Any) -> Any:
    """Exp in single precision."""
    c = at_most(at_least(x, _MIN32), _MAX32)
    t = fma(c, _LOG2E32, _MAGIC32)
    n = t - _MAGIC32
    r = fma(-n, _LOW32, fma(-n, _HIGH32, c))
    p = fma(fma(fma(fma(fma(_A0, r, _A1), r, _A2), r, _A3), r, _A4), r, _A5)
    y = fma(p * r, r, r) + _ONE32
    k = to_bits(t) - _MAGIC_BITS32
    half = k >> _UNIT32  # two factors, so that the power of 2 itself neither overflows nor underflows
    rest = k - half
    # Numba widens sums of int32 to int64: the bits of a float32 need the cast.
    return y * from_bits(np.int32((half + _BIAS32) << _SHIFT32)) * from_bits(np.int32((rest + _BIAS32) << _SHIFT32))


@njit(**INLINE)
def _power64(r: Any) -> Any:
    """Exp of the reduced argument."""
    p = fma(fma(fma(fma(fma(_B0, r, _B1), r, _B2), r, _B3), r, _B4), r, _B5)
    p = fma(fma(fma(fma(p, r, _B6), r, _B7), r, _B8), r, _B9)
    return fma(p * r, r, r) + 1.0


@njit(**INLINE)
def exp64(x: Any) -> Any:
    """Exp in double precision."""
    c = at_most(at_least(x, -746.0), 709.9)
    t = fma(c, _LOG2E64, _MAGIC64)
    n = t - _MAGIC64
    y = _power64(fma(-n, _LOW64, fma(-n, _HIGH64, c)))
    k = to_bits(t) - _MAGIC_BITS64
    half = k >> _UNIT64
    return y * from_bits((half + _BIAS64) << _SHIFT64) * from_bits((k - half + _BIAS64) << _SHIFT64)


@njit(**INLINE)
def _shifted32(x: Any, shift: Any) -> Any:
    return exp32(x - shift)


@njit(**INLINE)
def _shifted64(x: Any, shift: Any) -> Any:
    return exp64(np.float64(x) - shift)


@njit(**INLINE)
def _compensated(x: Any, shift: Any) -> Any:
    wide = np.float64(x)
    d = wide - shift
    b = d - wide
    lost = (wide - (d - b)) - (shift + b)
    e = exp64(d)
    return fma(e, lost if d > -1500.0 else 0.0, e)  # infinite differences have lost nothing


def exp_shifted(x: float, shift: float, exact: bool | None) -> float:
    """``exp(x - shift)``, computed in the dtype of the shift; the difference of doubles is compensated if ``exact``.

    An error of x - shift of half a unit is up to 64 ulp of the result in single precision, and 512 in double. Single
    numbers are computed in double precision where more is asked for; for doubles the rounding of the difference is made
    good (TwoSum).
    """
    raise NotImplementedError("call exp_shifted from a compiled loop")


@overload(exp_shifted)
def _exp_shifted(x: Any, shift: Any, exact: Any) -> Any:
    wide = _shifted64 if exact in (None, types.none) else _compensated
    chosen = _shifted32 if shift == types.float32 else wide

    def compiled(x: Any, shift: Any, exact: Any) -> Any:
        return chosen(x, shift)

    return compiled


_DEEPEST32, _DEEPEST64 = _F(-87.33654), -708.39


@njit(**INLINE)
def _term32(x: Any, shift: Any) -> Any:
    c = at_least(x - shift, _DEEPEST32)
    t = fma(c, _LOG2E32, _MAGIC32)
    n = t - _MAGIC32
    r = fma(-n, _LOW32, fma(-n, _HIGH32, c))
    p = fma(fma(fma(fma(fma(_A0, r, _A1), r, _A2), r, _A3), r, _A4), r, _A5)
    y = fma(p * r, r, r) + _ONE32
    return y * from_bits(np.int32((to_bits(t) + _BIAS32) << _SHIFT32))


@njit(**INLINE)
def _term64(x: Any, shift: Any) -> Any:
    c = at_least(np.float64(x) - shift, _DEEPEST64)
    t = fma(c, _LOG2E64, _MAGIC64)
    n = t - _MAGIC64
    return _power64(fma(-n, _LOW64, fma(-n, _HIGH64, c))) * from_bits((to_bits(t) + _BIAS64) << _SHIFT64)


def exp_term(x: float, shift: float, exact: bool | None) -> float:
    """``exp(x - shift)`` for x <= shift, as a term of a sum that is at least 1.

    Unless ``exact``, what is below the normal numbers counts as the smallest of them (1.2e-38, 2.2e-308), which saves a
    factor and the slow arithmetic of subnormal numbers.
    """
    raise NotImplementedError("call exp_term from a compiled loop")


@overload(exp_term)
def _exp_term(x: Any, shift: Any, exact: Any) -> Any:
    wide = _term64 if exact in (None, types.none) else _compensated
    chosen = _term32 if shift == types.float32 else wide

    def compiled(x: Any, shift: Any, exact: Any) -> Any:
        return chosen(x, shift)

    return compiled
