r"""Cross-entropy with label smoothing.

.. math:: \ell_y(z) = (1 - \varepsilon)\,\mathrm{CE}_y(z) + \frac{\varepsilon}{K} \sum_k \mathrm{CE}_k(z)
   = \mathrm{CE}_y(z) + \varepsilon \Bigl(z_y - \frac1K \sum_k z_k\Bigr)

The gradient is ``softmax(z) - (1 - epsilon) e_y - epsilon / K``: differences that may cancel, so the error is measured
by the largest of 1 and the magnitudes of the logits.

Shapes and dtypes are those of ``cross_entropy``. With a positive epsilon a class at -inf gives inf (its own
cross-entropy is infinite); otherwise special values are those of ``cross_entropy``.

References
----------
.. [1] C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna (2016). Rethinking the inception architecture for
   computer vision. CVPR.

>>> label_smoothing([[0.0, 0.0]], [1], 0.1)
array([0.69314718])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array, floats, handed_back, output
from losscheck.kernels.passes.options import REDUCE


@njit(**REDUCE)
def _summed(row: Any) -> float:
    s = 0.0
    for j in range(row.shape[0]):
        s += np.float64(row[j])
    return s


@njit(**REDUCE)
def _smooth(x: Any, y: Any, value: Any, grad: Any, scale: float, epsilon: float) -> None:
    k = x.shape[1]
    for i in range(x.shape[0]):
        if value[i] < np.inf:  # else the true class is at -inf, and stays the answer
            value[i] += epsilon * (np.float64(x[i, y[i]]) - _summed(x[i]) / k)
        if grad is not None:
            low = scale * epsilon / k
            for j in range(k):
                grad[i, j] -= low
            grad[i, y[i]] += scale * epsilon


@kernel(
    loss="(1 - epsilon) CE_y + epsilon mean_k CE_k",
    shape="rows",
    special={"NaN or +inf anywhere": "NaN", "-inf at a class, epsilon > 0": "inf", "-inf everywhere": "NaN"},
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 8.0},
    scale="largest",
)
def label_smoothing(
    logits: Any,
    labels: Any,
    epsilon: float = 0.1,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    accurate: bool = False,
    threads: int = 1,
) -> Array:
    """Smoothed cross-entropy per row; ``grad`` receives ``scale`` times the gradient.

    Raises
    ------
    ValueError
        For an epsilon outside [0, 1), and for arguments that ``cross_entropy`` refuses.
    """
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon is {epsilon}; give a number in [0, 1)")
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    value = output(out, (len(x),), kind, "out")
    kept = None if grad is None else output(grad, x.shape, kind, "grad")
    wide = np.empty(len(x), np.float64)
    steep = None if kept is None else (kept if kept.dtype == x.dtype else np.empty(x.shape, x.dtype))
    narrow = cross_entropy(x, labels, grad=steep, scale=scale, accurate=accurate, threads=threads)
    wide[:] = narrow
    if epsilon > 0:
        _smooth(x, np.asarray(labels, np.int64), wide, steep, float(scale), float(epsilon))
    handed_back(value, wide)
    if kept is not None and steep is not None:
        handed_back(kept, steep)
    return value
