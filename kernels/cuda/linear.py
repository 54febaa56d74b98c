"""Cross-entropy of a linear layer: a block of threads per row, never holding its logits.

Each thread forms the logits of classes of its own and keeps the largest and the sum of exponentials relative to it;
backward, the block forms them again, as many as it has threads at a time, and multiplies them back while they are in
shared memory. What a row adds to the gradient of the weights is added atomically. For many rows a library's matrix
product and `run_loss` on blocks of its result are faster, since this one uses no tensor cores.
"""

import math
from typing import Any

from numba import cuda, float64

from losscheck.kernels.cuda.reductions import MOST_THREADS, device
from losscheck.kernels.cuda.rows import larger, plus


def _logit(hidden: Any, weight: Any, i: Any, j: Any) -> Any:
    z = 0.0
    for d in range(hidden.shape[1]):
        z += float64(hidden[i, d]) * float64(weight[j, d])
    return z


def linear_cross_entropy(reduction: Any, backward: bool) -> Any:
    """Kernel ``(hidden, weight, y, value, grad_hidden, grad_weight, scale)``; the gradients begin as zeros."""
    logit, highest = device(_logit), reduction(device(larger), float64, -math.inf)
    summed = reduction(device(plus), float64, 0.0)

    def loss(hidden: Any, weight: Any, y: Any, value: Any, grad_hidden: Any, grad_weight: Any, scale: Any) -> None:
        slopes = cuda.shared.array(MOST_THREADS, float64)
        i, thread, width = cuda.blockIdx.x, cuda.threadIdx.x, cuda.blockDim.x
        classes, own = weight.shape[0], y[i]
        m, s = -math.inf, 0.0
        for j in range(thread, classes, width):
            if j != own:
                z = logit(hidden, weight, i, j)
                if z > m:
                    s = s * math.exp(m - z) if m > -math.inf else s
                    m = z
                s += math.exp(z - m) if z != -math.inf else 0.0  # NaN and +inf make the sum NaN
        top = highest(m)
        if m > -math.inf and m < top:
            s *= math.exp(m - top)
        total = summed(s)
        target = logit(hidden, weight, i, own)
        d = target - top
        e = math.exp(-abs(d))
        whole = 1.0 + total * e if d >= 0 else total + e
        share = (total * e if d >= 0 else total) / whole  # of the other classes
        if target == math.inf or not target == target:
            whole = math.nan
        if thread == 0:
            value[i] = math.log1p(total * e) if d >= 0 and whole == whole else math.log(whole) - d
        if backward:
            c = scale * share / total if total != 0 else 0.0
            for first in range(0, classes, width):
                j = first + thread
                g = 0.0
                if j < classes:
                    g = -scale * share if j == own else math.exp(logit(hidden, weight, i, j) - top) * c
                slopes[thread] = g
                cuda.syncthreads()
                for k in range(thread, hidden.shape[1], width):
                    h = 0.0
                    for here in range(min(width, classes - first)):
                        h += slopes[here] * float64(weight[first + here, k])
                    grad_hidden[i, k] += h
                if j < classes:
                    for k in range(hidden.shape[1]):
                        cuda.atomic.add(grad_weight, (j, k), g * float64(hidden[i, k]))
                cuda.syncthreads()

    return loss
