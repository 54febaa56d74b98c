"""Three losses of the margin: two that are fine, and one written the obvious way."""

import numpy as np


def logistic(v: np.ndarray) -> np.ndarray:
    """``log(1 + exp(-v))`` of each margin."""
    return np.logaddexp(0.0, -v)


def hinge(v: np.ndarray) -> np.ndarray:
    """``max(0, 1 - v)`` of each margin."""
    return np.maximum(0.0, 1.0 - v)


def naive_logistic(v: np.ndarray) -> np.ndarray:
    """The same as `logistic` over the reals; in floats ``exp`` overflows."""
    return np.log(1.0 + np.exp(-v))
