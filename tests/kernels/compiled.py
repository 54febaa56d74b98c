"""Compile the kernels for GPUs to PTX without a GPU. Started by test_cuda; prints one line per kernel.

Twins take turns with bodies and architectures; with the argument ``all`` each is compiled for every one of them.
"""

import itertools
import re
import sys

from numba import cuda, float32, float64, int64, types
from numba.cuda.types import bfloat16
from numba.types import float16

from losscheck.kernels.cuda.elements import margin_loss
from losscheck.kernels.cuda.linear import linear_cross_entropy
from losscheck.kernels.cuda.reductions import alone, shared, shuffled
from losscheck.kernels.cuda.rows import row_loss, row_map
from losscheck.kernels.cuda.sparse import SPARSE, row_sparse
from losscheck.kernels.cuda.statistics import row_statistics
from losscheck.kernels.cuda.tails import OF_MARGINS, OF_ROWS
from losscheck.kernels.cuda.topk import row_topk
from losscheck.kernels.cuda.twins import TWINS


def loss(stored: types.Type, kind: types.Type) -> types.Type:
    return types.void(stored[:, ::1], int64[::1], stored[::1], stored[:, ::1], float64, float64)


KERNELS = {
    "cross-entropy, shuffled": (row_loss(shuffled, float32, OF_ROWS["comp_sum"], True), loss(float32, float32)),
    "cross-entropy, shared": (row_loss(shared, float32, OF_ROWS["comp_sum"], True), loss(float32, float32)),
    "cross-entropy, alone, float16": (row_loss(alone, float32, OF_ROWS["comp_sum"], False), loss(float16, float32)),
    "softmax of bfloat16": (row_map(shuffled, float32, "softmax"), types.void(*[bfloat16[:, ::1]] * 2)),
    "logsumexp of float64": (row_map(shuffled, float64, "logsumexp"), types.void(*[float64[:, ::1]] * 2)),
    "logistic": (margin_loss(*OF_MARGINS["logistic"], True), types.void(*[float32[::1]] * 3, float64)),
}
BOTH = "cross-entropy, shuffled"
BODIES = {"shared": shared, "shuffled": shuffled}
ARCHITECTURES = ((8, 0), (9, 0))


def told(name: str, kernel: object, signature: types.Type, target: tuple[int, int]) -> None:
    ptx, _ = cuda.compile_ptx(kernel, signature, cc=target)
    made = re.search(r"\.target sm_(\d+)", ptx)
    shuffles = len(re.findall(r"shfl\.sync", ptx))
    print(f"{name} | sm_{made.group(1) if made else '?'} | {shuffles} shuffles", flush=True)


def twin(name: str, body: str, target: tuple[int, int]) -> None:
    x, v = float32[:, ::1], float32[::1]
    reduction, scalars = BODIES[body], [float64] * 4
    if name == "linear_cross_entropy":
        signature = types.void(x, x, int64[::1], v, x, x, float64)
        told(f"{name}, {body}", linear_cross_entropy(reduction, True), signature, target)
    elif name == "softmax_topk":
        told(f"{name}, {body}", row_topk(reduction, float32), types.void(x, x, int64[:, ::1]), target)
    elif name in SPARSE:
        signature = types.void(x, int64[::1], v, x, float64)
        told(f"{name}, {body}", row_sparse(reduction, name, True), signature, target)
    else:
        labels = int64[:, ::1] if TWINS[name].targets else int64[::1]
        signature = types.void(x, labels, v, x, *scalars)
        told(f"{name}, {body}", row_statistics(reduction, TWINS[name], True), signature, target)


if __name__ == "__main__":
    for name, (kernel, signature) in KERNELS.items():
        for target in ARCHITECTURES if name == BOTH else ((9, 0),):
            told(name, kernel, signature, target)
    for index, name in enumerate([*TWINS, *SPARSE, "linear_cross_entropy", "softmax_topk"]):
        pairs = list(itertools.product(BODIES, ARCHITECTURES))
        for body, target in pairs if "all" in sys.argv else [pairs[index % len(pairs)]]:
            twin(name, body, target)
