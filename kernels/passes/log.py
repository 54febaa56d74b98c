"""log and log1p in double precision, written so that LLVM vectorises the loop around them.

The series in ``s = (m - 1) / (m + 1)`` of fdlibm (Sun Microsystems, 1993); at most 0.74 ulp on 60 000 samples. The
argument is a positive normal number or NaN; what 0, infinity and negative numbers give is not defined.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import fma, from_bits, to_bits
from losscheck.kernels.passes.options import INLINE

_ROOT_HALF = np.int64(0x3FE6A09E667F3BCD)
_MANTISSA, _SHIFT, _BIAS = np.int64(0xFFFFFFFFFFFFF), np.int64(52), np.int64(1023)
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_G1, _G2, _G3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
_G4, _G5 = 2.222219843214978396e-01, 1.818357216161805012e-01
_G6, _G7 = 1.531383769920937332e-01, 1.479819860511658591e-01


@njit(**INLINE)
def _series(f: Any, k: Any) -> Any:
    """``log(1 + f) + k log 2`` for 1 + f within a factor of sqrt(2) of 1."""
    s = f / (2.0 + f)
    z = s * s
    r = z * fma(z, fma(z, fma(z, fma(z, fma(z, fma(z, _G7, _G6), _G5), _G4), _G3), _G2), _G1)
    h = 0.5 * f * f
    return k * _LN2_HIGH - ((h - fma(s, h + r, k * _LN2_LOW)) - f)


@njit(**INLINE)
def log(x: Any) -> Any:
    """Log of a positive normal number, NaN for NaN."""
    b = to_bits(x) - _ROOT_HALF
    y = _series(from_bits((b & _MANTISSA) + _ROOT_HALF) - 1.0, np.float64(b >> _SHIFT))
    return y if x == x else x


@njit(**INLINE)
def log_of_sum(large: Any, small: Any) -> Any:
    """``log(large + small)`` for large >= small >= 0, the sum normal: its rounding is made good."""
    x = large + small
    lost = small - (x - large)
    b = to_bits(x) - _ROOT_HALF
    k = b >> _SHIFT
    f = (from_bits((b & _MANTISSA) + _ROOT_HALF) - 1.0) + lost * from_bits((_BIAS - k) << _SHIFT)
    y = _series(f, np.float64(k))
    return y if x == x else x


@njit(**INLINE)
def log1p(x: Any) -> Any:
    """``log(1 + x)`` for x >= 0 or NaN, without losing the digits of a small x."""
    return log_of_sum(1.0, x) if x <= 1 else log_of_sum(x, 1.0)
