r"""Cross-entropy of a linear layer, never holding its N x V logits.

.. math:: \ell_i = -\log \frac{e^{h_i \cdot w_{y_i}}}{\sum_v e^{h_i \cdot w_v}}

Logits are formed block by block (rows by classes) and used up at once: an online normaliser forward, and backward the
same blocks again, each turned into its part of the gradient in the logits and multiplied back. Working memory is one
block, whatever N and V.

``threshold`` is the gradient filter: a block whose gradient in the logits (before ``scale``) is below it everywhere is
not multiplied back. What that leaves out is bounded: with R the number of classes and N that of rows,
``|error of grad_hidden_i| <= scale * threshold * R * max_v |w_v|`` and
``|error of grad_weight_v| <= scale * threshold * N * max_i |h_i|`` in Euclidean norm. With 0 nothing is left out.

=========  ==========================================================================================================
shape      hidden (N, D), weight (V, D), labels (N,) -> (N,); ``grad_hidden`` (N, D), ``grad_weight`` (V, D)
dtype      float64, float32; float16 and bfloat16 are stored in that dtype and computed in float32
special    logits that overflow or are not defined make their row NaN
=========  ==========================================================================================================

The logits are those of a matrix product in the dtype computed in; errors are against the cross-entropy of that product.

References
----------
.. [1] E. Wijmans, B. Huval, A. Hertzberg, V. Koltun, P. Krahenbuhl (2025). Cut your losses in large-vocabulary language
   models. ICLR.

>>> import numpy as np
>>> linear_cross_entropy(np.ones((1, 1)), np.zeros((4, 1)), [2])
array([1.38629436])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.bits import maximum
from losscheck.kernels.passes.buffers import Array, computed, floats, labels, output, rounded
from losscheck.kernels.passes.exp import exp_shifted
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.odds_loss import Sums
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.parameter import Parameter

BLOCK_ROWS, BLOCK_CLASSES = 1024, 4096


def _plain(z: Any, y: Any) -> Any:
    return -at_label(log_softmax(z), y)  # of the logits hidden @ weight.T


@njit(**REDUCE)
def _slopes(z: Any, own: Any, top: Any, c: Any, at_own: Any) -> None:
    """Replace a block of logits by the gradient."""
    for i in range(z.shape[0]):
        shift, factor = z.dtype.type(top[i]), z.dtype.type(c[i])
        row = z[i]
        for j in range(row.shape[0]):
            row[j] = exp_shifted(row[j], shift, True) * factor
        if own[i] >= 0:
            row[own[i]] = at_own[i]


@njit(**REDUCE)
def _steepest(z: Any) -> float:
    """Largest magnitude of a block, NaN if one is."""
    flat = z.reshape(z.size)
    m: float = z.dtype.type(0)
    for j in range(flat.shape[0]):
        m = maximum(abs(flat[j]), m)
    return m


def _merged(z: Array, own: Array, target: Array, top: Array, total: Array) -> None:
    """Take a block into the online normaliser of every row."""
    sums = Sums(z, own, False, None)
    here, peak, part = sums.target, sums.top, sums.total
    target[own >= 0] = here[own >= 0]
    highest = np.maximum(top, peak)
    with np.errstate(invalid="ignore"):  # -inf minus -inf: there is nothing yet
        total *= np.where(top == highest, 1.0, np.exp(top - highest))
        total += part * np.where(peak == highest, 1.0, np.exp(peak - highest))
    top[:] = highest


@kernel(
    loss="-log softmax(W h)_y",
    plain=_plain,
    shape="batch",
    special={"NaN or +inf among the logits": "NaN", "-inf at another class": "weight 0", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 80.0, "float64": 64.0},
)
def linear_cross_entropy(
    hidden: Any,
    weight: Any,
    true: Any,
    *,
    out: Array | None = None,
    grad_hidden: Array | None = None,
    grad_weight: Array | None = None,
    scale: float = 1.0,
    threshold: float = 0.0,
) -> Array:
    """Cross-entropy per row; the gradients given receive ``scale`` times the gradient of the sum.

    Raises
    ------
    TypeError
        For a dtype that is not allowed, and for dtypes that differ.
    ValueError
        For shapes that do not fit, labels out of range, a negative threshold, buffers of the wrong shape or dtype.
    """
    h, w = floats(hidden, "hidden", 2), floats(weight, "weight", 2)
    if h.dtype != w.dtype:
        raise TypeError(f"hidden has dtype {h.dtype} and weight {w.dtype}; give one dtype")
    if h.shape[1] != w.shape[1]:
        raise ValueError(f"hidden has shape {h.shape} and weight {w.shape}; give (N, D) and (V, D)")
    least = Parameter("threshold", 0.0, "[0, inf)").checked(threshold)
    y = labels(true, len(h), len(w))
    kind = computed(h.dtype)
    value = output(out, (len(h),), h.dtype, "out")
    wanted = [(grad_hidden, h, "grad_hidden"), (grad_weight, w, "grad_weight")]
    kept = [None if given is None else output(given, like.shape, like.dtype, name) for given, like, name in wanted]
    wide = [None if each is None else _beside(each, kind, (h, w)) for each in kept]
    for first in range(0, len(h), BLOCK_ROWS):
        cut = slice(first, first + BLOCK_ROWS)
        steep = None if wide[0] is None else wide[0][cut]
        rounded(_rows(np.ascontiguousarray(h[cut], kind), w, y[cut], kind, steep, wide[1], scale, least), value[cut])
    for buffer, each in zip(kept, wide, strict=True):
        if buffer is not None and each is not None and each is not buffer:
            rounded(each, buffer)
    return value


def _beside(buffer: Array, kind: Any, inputs: tuple[Array, ...]) -> Array:
    """Zeros to add to: the buffer itself, unless it is of another dtype or shares memory with an input."""
    if buffer.dtype != kind or any(np.may_share_memory(buffer, each) for each in inputs):
        return np.zeros(buffer.shape, kind)
    buffer[...] = 0
    return buffer


def _rows(
    h: Array, w: Array, y: Array, kind: Any, steep: Array | None, broad: Array | None, scale: float, least: float
) -> Array:
    """One block of rows: the values, the gradients added to what is there."""
    target, top, total, log_p, log_q, p, q = np.empty((7, len(h)))
    target[:], top[:], total[:] = np.nan, -np.inf, 0.0
    cuts = [slice(first, min(first + BLOCK_CLASSES, len(w))) for first in range(0, len(w), BLOCK_CLASSES)]

    def block(cut: slice) -> tuple[Array, Array, Array]:
        part = np.ascontiguousarray(w[cut], kind)
        return part, h @ part.T, np.where((cut.start <= y) & (y < cut.stop), y - cut.start, -1)

    for cut in cuts:
        _, z, own = block(cut)
        _merged(z, own, target, top, total)
    odds(target, top, total, log_p, log_q, p, q)
    if steep is None and broad is None:
        return -log_p
    with np.errstate(divide="ignore", invalid="ignore"):
        c = np.where(total == 0, 0.0, q / total)  # no others: no gradient
    for cut in cuts:
        part, z, own = block(cut)
        _slopes(z, own, np.where(top == -np.inf, 0.0, top), c, -q)
        if least == 0 or not _steepest(z) < least:
            z *= kind.type(scale)
            if steep is not None:
                steep += z @ part
            if broad is not None:
                broad[cut] += z.T @ h
    return -log_p
