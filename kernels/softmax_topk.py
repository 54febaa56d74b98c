r"""The k largest probabilities of rows of logits and their classes, without the other probabilities.

.. math:: p_{c_1} \ge \dots \ge p_{c_k}, \qquad p_j = \frac{e^{z_j}}{\sum_i e^{z_i}}

A row is read for its normaliser and once more for the largest logits: stretches whose maximum does not reach the k-th
largest so far are passed over by a vectorised loop. Of equal logits the first class comes first. Probabilities are
those of ``softmax`` (accurate); a row of which ``softmax`` makes NaN gives NaN and the classes 0 .. k - 1.

References
----------
.. [1] M. Milakov, N. Gimelshein (2018). Online normalizer calculation for softmax. arXiv 1805.02867.

>>> softmax_topk([[0.0, 2.0, 1.0]], 2)
(array([[0.66524096, 0.24472847]]), array([[1, 2]]))
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import softmax as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.loops import largest
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.peak import over_peak

_STEP = 256


@njit(**EXACT)
def _select(x: Any, peak: Any, log_p: Any, value: Any, classes: Any) -> None:
    n, top = x.shape[1], value.shape[1]
    flat = x.reshape(x.size)
    best = np.empty(top)
    for i in range(x.shape[0]):
        defined = log_p[i] == log_p[i]
        held = 0
        for first in range(0, n, _STEP):
            stop = min(first + _STEP, n)
            if held == top and not largest(flat, i * n + first, stop - first, -1) > best[top - 1]:
                continue
            for j in range(first, stop):
                z = np.float64(x[i, j]) if defined else 0.0
                if held < top or z > best[top - 1]:
                    held = min(held + 1, top)
                    at = held - 1
                    while at > 0 and z > best[at - 1]:
                        best[at], classes[i, at] = best[at - 1], classes[i, at - 1]
                        at -= 1
                    best[at], classes[i, at] = z, j
        for at in range(top):
            value[i, at] = exp64((best[at] - peak[i]) + log_p[i]) if defined else np.nan


@kernel(
    loss="the k largest of exp(z_j) / sum_i exp(z_i), and their classes",
    plain=plain,
    shape="batch",
    special={"-inf": "0", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 2048.0},
)
def softmax_topk(logits: Any, k: int, *, out: Array | None = None, threads: int = 1) -> tuple[Array, Array]:
    """Probabilities and classes, both of shape (N, k), of logits (N, K).

    Raises
    ------
    TypeError
        For logits of a dtype that is not allowed.
    ValueError
        For a k outside 1 .. K, logits that are no rows of classes, a buffer of the wrong shape or dtype.
    """
    x = floats(logits, "logits", 2)
    if not 1 <= k <= x.shape[1]:
        raise ValueError(f"k is {k}; give a number in 1 .. {x.shape[1]}")
    value = output(out, (len(x), k), x.dtype, "out")
    classes = np.empty((len(x), k), np.int64)

    def run(cut: slice, part: Array, wide: Array) -> None:
        peak, log_p = over_peak(part, True)
        _select(part, peak, log_p, wide, classes[cut])

    over_chunks(run, [x], [value], threads)
    return value, classes
