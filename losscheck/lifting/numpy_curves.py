"""NumPy functions that evaluate a curve given by numbers: polynomials by Horner's scheme, broken lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.lifting.numpy_array import SymbolicArray
from losscheck.lifting.numpy_table import implements
from losscheck.lifting.unsupported import Unsupported


@implements("polyval")
def _polyval(p: Any, x: Any) -> Any:
    value = 0.0 * x
    for c in p if isinstance(p, SymbolicArray) else np.asarray(p):
        value = value * x + c
    return value


@implements("interp")
def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    if period is not None or isinstance(xp, SymbolicArray) or isinstance(fp, SymbolicArray):
        raise Unsupported("numpy.interp with a period, or between points that depend on the input; write it with where")
    places, values = np.asarray(xp, float), np.asarray(fp, float)
    if len(places) == 0 or not (np.diff(places) > 0).all():
        raise Unsupported("numpy.interp between places that do not rise")
    result: Any = values[-1] if right is None else right
    result = np.where(x <= places[-1], values[-1], result)
    for a, b, u, v in reversed(list(zip(places[:-1], places[1:], values[:-1], values[1:], strict=True))):
        result = np.where(x < b, (v - u) / (b - a) * (x - a) + u, result)
    return np.where(x < places[0], values[0] if left is None else left, result)
