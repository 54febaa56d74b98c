"""Whether an input, once rounded to a format, still lies in the domain of its signature."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import HALF, Array, Inputs
from losscheck.signature import Signature

HALF_RANGE = 2000.0
"""Half formats are asked about numbers up to this size: squares of larger ones leave float16."""

MASKED = 1e4
"""A score of this size below the others takes no part in any loss, in any format."""


def inside(signature: Signature, inputs: Inputs, dtype: str) -> bool:
    """Say whether every float is finite, inside an open end where there is one, and in half formats not too large."""
    for argument in signature.floats:
        value = np.asarray(inputs[argument.name])
        finite = np.isfinite(value)
        if not finite.all() and not np.isin(value[~finite], argument.also).all():
            return False
        if argument.domain in ("(0,1)", "positive", "simplex+") and np.min(value, initial=np.inf) <= 0.0:
            return False
        if argument.domain == "(0,1)" and np.max(value, initial=0.0) >= 1.0:
            return False
        if dtype in HALF and np.max(np.abs(value[finite]), initial=0.0) > HALF_RANGE:
            return False
    return True


def moderate(signature: Signature, inputs: Inputs) -> dict[str, Array]:
    """Return the inputs with infinite numbers, which the signature allows, replaced by very large ones."""
    floats = {a.name for a in signature.floats}
    return {
        name: np.where(np.isinf(v), np.sign(v) * MASKED, v) if name in floats else np.asarray(v)
        for name, v in inputs.items()
    }
