"""Whether an input, once rounded to a format, still lies in the domain of its signature."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import HALF, Inputs
from losscheck.signature import Signature

HALF_RANGE = 2000.0
"""Half formats are asked about numbers up to this size: squares of larger ones leave float16."""


def inside(signature: Signature, inputs: Inputs, dtype: str) -> bool:
    """Say whether every float is finite, inside an open end where there is one, and in half formats not too large."""
    for argument in signature.floats:
        value = np.asarray(inputs[argument.name])
        if not np.isfinite(value).all() and not argument.also:
            return False
        if argument.domain in ("(0,1)", "positive", "simplex+") and np.min(value, initial=np.inf) <= 0.0:
            return False
        if argument.domain == "(0,1)" and np.max(value, initial=0.0) >= 1.0:
            return False
        if dtype in HALF and np.max(np.abs(value[np.isfinite(value)]), initial=0.0) > HALF_RANGE:
            return False
    return True
