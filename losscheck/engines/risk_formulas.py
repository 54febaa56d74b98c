"""Formulas of where a conditional risk is least, and of what it is there, by SymPy: proposals for certificates.

The risk is ``(1 + t)/2 own(x) + (1 - t)/2 other(x)``. Where it is least is found in floats at many t; runs of t with
the same place (an end, a breakpoint, or the inside of one piece) become pieces of the formula.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TS = tuple((2 * i + 1) / 96 for i in range(48))
