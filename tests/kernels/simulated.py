"""Run in Numba's simulator of a GPU: the kernels for GPUs against those of the CPU. Started by test_cuda."""

from typing import Any

import numpy as np
from numba import config

from losscheck.kernel import kernels
from losscheck.kernels.cuda.launch import run_loss, run_map, run_margin
from losscheck.kernels.cuda.tails import OF_MARGINS

assert config.ENABLE_CUDASIM
KERNELS = kernels()
rng = np.random.default_rng(0)
TAILS = [("comp_sum", 1.0), ("comp_sum", 0.5), ("focal", 0.5), ("generalized_cross_entropy", 0.7), ("poly1", 1.0)]
SPECIAL = [
    [np.nan, 0, 1],
    [np.inf, 0, 1],
    [0, np.inf, 1],
    [-np.inf] * 3,
    [0, -np.inf, -np.inf],
    [-np.inf, 0, 1],
    [0] * 3,
]


def close(got: Any, wanted: Any) -> None:
    np.testing.assert_allclose(got, wanted, rtol=2e-5 if wanted.dtype == np.float32 else 1e-12, atol=1e-30)


def compare(x: Any, y: Any, tails: list[tuple[str, float]]) -> None:
    dtype = x.dtype
    for tail, parameter in tails:
        value, grad, one, many = np.empty(len(x), dtype), np.empty_like(x), np.empty(len(x), dtype), np.empty_like(x)
        KERNELS[tail].run(x, y, parameter, out=value, grad=grad, scale=0.5, accurate=True)
        run_loss(tail, x, y, one, many, 0.5, parameter)
        close(one, value)
        close(many, grad)
    run_loss(tail, x, y, one, None, 1.0, parameter)
    close(one, value)
    for name in ("softmax", "log_softmax"):
        close(run_map(name, x, np.empty_like(x)), KERNELS[name].run(x, accurate=True))
    close(run_map("logsumexp", x, np.empty((len(x), 1), dtype))[:, 0], KERNELS["logsumexp"].run(x, accurate=True))


special = np.array(SPECIAL, np.float32)
wide = np.full((len(special), 33), -np.inf, np.float32)
wide[:, [0, 20, 32]] = special
long = rng.standard_normal((2, 70)).astype(np.float32)
long[1, 5] += 20
with np.errstate(invalid="ignore"):  # the simulator computes with NumPy's numbers
    compare(rng.standard_normal((3, 4)), np.array([0, 3, 2]), TAILS)  # a thread per row
    compare(special, np.zeros(len(special), int), TAILS)
    compare(long, np.array([69, 5]), TAILS)  # a block per row
    compare(wide, np.zeros(len(wide), int), TAILS[:1])
    v = np.array([-3.0, 0.0, 0.5, 1.0, 2.0, 40.0, -40.0, np.nan, np.inf, -np.inf], np.float32)
    for name in OF_MARGINS:
        value, slope, one, many = (np.empty(len(v), np.float32) for _ in range(4))
        KERNELS[name].run(v, out=value, grad=slope)
        run_margin(name, v, one, many)
        close(one, value)
        close(many, slope)
print("simulated")
