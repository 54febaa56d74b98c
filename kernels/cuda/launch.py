"""Running a kernel on arrays of a GPU: which body, how many threads, compiled once per process.

Arrays are those of ``numba.cuda`` or of anything with ``__cuda_array_interface__`` (CuPy, torch); results stay on the
GPU. Rows of up to 32 classes take a thread each, longer ones a block each.
"""

from functools import cache
from typing import Any

import numpy as np
from numba import config, cuda, from_dtype

from losscheck.kernels.cuda.elements import margin_loss
from losscheck.kernels.cuda.linear import linear_cross_entropy
from losscheck.kernels.cuda.reductions import MOST_THREADS, WARP, alone, shared, shuffled
from losscheck.kernels.cuda.rows import row_loss, row_map
from losscheck.kernels.cuda.sparse import SPARSE, row_sparse
from losscheck.kernels.cuda.statistics import row_statistics
from losscheck.kernels.cuda.tails import OF_MARGINS, OF_ROWS
from losscheck.kernels.cuda.topk import row_topk
from losscheck.kernels.cuda.twins import TWINS

THREAD_PER_ROW = 32
PER_THREAD = 8  # classes a thread should have, or the reduction costs more than the row


def threads(classes: int) -> int:
    """Threads of a block for a row of this length: a power of 2.

    >>> threads(100), threads(4096), threads(10**6)
    (32, 512, 1024)
    """
    wanted = WARP
    while wanted < MOST_THREADS and wanted * PER_THREAD < classes:
        wanted *= 2
    return wanted


def body(classes: int) -> Any:
    """The reduction for rows of this length; the simulator has no shuffles."""
    if classes <= THREAD_PER_ROW:
        return alone
    return shared if config.ENABLE_CUDASIM else shuffled


@cache
def compiled_loss(reduction: Any, dtype: str, tail: str, backward: bool) -> Any:
    """The kernel of a loss of rows."""
    return cuda.jit(row_loss(reduction, from_dtype(np.dtype(dtype)), OF_ROWS[tail], backward))


@cache
def compiled_map(reduction: Any, dtype: str, name: str) -> Any:
    """The kernel of a map of rows."""
    return cuda.jit(row_map(reduction, from_dtype(np.dtype(dtype)), name))


@cache
def compiled_margin(name: str, backward: bool) -> Any:
    """The kernel of a loss of a margin."""
    return cuda.jit(margin_loss(*OF_MARGINS[name], backward))


@cache
def compiled_statistics(reduction: Any, name: str, backward: bool) -> Any:
    """The kernel of a loss that statistics of the row determine, and of the sparse ones."""
    made = row_sparse(reduction, name, backward) if name in SPARSE else row_statistics(reduction, TWINS[name], backward)
    return cuda.jit(made)


@cache
def compiled_linear(reduction: Any, backward: bool) -> Any:
    """The kernel of the cross-entropy of a linear layer."""
    return cuda.jit(linear_cross_entropy(reduction, backward))


@cache
def compiled_topk(reduction: Any, dtype: str) -> Any:
    """The kernel of the largest probabilities."""
    return cuda.jit(row_topk(reduction, from_dtype(np.dtype(dtype))))


def grid(rows: int, classes: int) -> tuple[int, int]:
    """Blocks, and threads per block."""
    return (-(-rows // 256), 256) if classes <= THREAD_PER_ROW else (rows, threads(classes))


def run_loss(
    tail: str, x: Any, y: Any, value: Any, grad: Any = None, scale: float = 1.0, parameter: float = 1.0
) -> Any:
    """Fill in the values of ``comp_sum`` (cross-entropy at parameter 1), ``focal``, ... and, where given, the gradient.

    Raises
    ------
    ValueError
        For a tail that does not exist.
    """
    if tail not in OF_ROWS:
        raise ValueError(f"tail is {tail!r}; give one of {', '.join(OF_ROWS)}")
    kernel = compiled_loss(body(x.shape[1]), _computed(x), tail, grad is not None)
    if x.shape[0]:
        kernel[grid(*x.shape)](x, y, value, x if grad is None else grad, scale, parameter)
    return value


def run_row(name: str, x: Any, y: Any, value: Any, grad: Any = None, scale: float = 1.0, *parameters: float) -> Any:
    """Fill in a loss of rows other than those of the odds: values and, where given, the gradient.

    ``y`` holds labels; rows of targets for ``asymmetric`` and ``multilabel_logistic``; the class of the matching pair
    for ``info_nce``, ``nt_xent`` and ``siglip``. Parameters are those of the CPU kernel, in its order, all of them.

    Raises
    ------
    ValueError
        For a loss that does not exist.
    """
    if name not in TWINS and name not in SPARSE:
        raise ValueError(f"name is {name!r}; give one of {', '.join([*TWINS, *SPARSE])}")
    kernel = compiled_statistics(body(x.shape[1]), name, grad is not None)
    given = () if name in SPARSE else (*map(float, parameters), 0.0, 0.0, 0.0)[:3]
    if x.shape[0]:
        kernel[grid(*x.shape)](x, y, value, x if grad is None else grad, float(scale), *given)
    return value


def run_topk(x: Any, value: Any, classes: Any) -> Any:
    """Fill in the k largest probabilities and their classes, both of shape (N, k), k at most the number of classes.

    Raises
    ------
    ValueError
        For more columns than classes.
    """
    if value.shape[1] > x.shape[1]:
        raise ValueError(f"k is {value.shape[1]}; give a number in 1 .. {x.shape[1]}")
    if x.shape[0]:
        compiled_topk(body(x.shape[1]), _computed(x))[grid(*x.shape)](x, value, classes)
    return value


def run_linear(
    hidden: Any, weight: Any, y: Any, value: Any, grad_hidden: Any = None, grad_weight: Any = None, scale: float = 1.0
) -> Any:
    """Fill in the cross-entropy of a linear layer and, where both are given, its gradients, which must be zeros before.

    Raises
    ------
    ValueError
        For one gradient without the other.
    """
    if (grad_hidden is None) != (grad_weight is None):
        raise ValueError("grad_hidden and grad_weight come from one pass; give both or neither")
    kernel = compiled_linear(shared if config.ENABLE_CUDASIM else shuffled, grad_hidden is not None)
    if hidden.shape[0]:
        grads = (hidden, weight) if grad_hidden is None else (grad_hidden, grad_weight)
        kernel[hidden.shape[0], threads(weight.shape[0])](hidden, weight, y, value, *grads, float(scale))
    return value


def run_map(name: str, x: Any, out: Any) -> Any:
    """Fill in ``softmax``, ``log_softmax``, or ``logsumexp`` (out of shape (N, 1)).

    Raises
    ------
    ValueError
        For a map that does not exist.
    """
    if name not in ("softmax", "log_softmax", "logsumexp"):
        raise ValueError(f"name is {name!r}; give softmax, log_softmax or logsumexp")
    if x.shape[0]:
        compiled_map(body(x.shape[1]), _computed(x), name)[grid(*x.shape)](x, out)
    return out


def run_margin(name: str, v: Any, value: Any, slope: Any = None, parameter: float = 0.0) -> Any:
    """Fill in a loss of a margin on flat arrays and, where given, its slope.

    Raises
    ------
    ValueError
        For a loss that does not exist.
    """
    if name not in OF_MARGINS:
        raise ValueError(f"name is {name!r}; give one of {', '.join(OF_MARGINS)}")
    if v.shape[0]:
        blocks = min(-(-v.shape[0] // 256), 65535)
        compiled_margin(name, slope is not None)[blocks, 256](v, value, v if slope is None else slope, float(parameter))
    return value


def _computed(x: Any) -> str:
    return "float64" if str(x.dtype).endswith("float64") else "float32"  # NumPy writes float64, torch torch.float64
