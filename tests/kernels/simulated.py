"""Run in Numba's simulator of a GPU: the kernels for GPUs against those of the CPU. Started by test_cuda."""

from typing import Any

import numpy as np
from numba import config

from losscheck.kernel import kernels
from losscheck.kernels.cuda.launch import run_linear, run_loss, run_map, run_margin, run_row, run_topk
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


ROWS: dict[str, tuple[float, ...]] = {
    "stablemax": (),
    "harmonic": (3.0,),
    "label_smoothing": (0.1,),
    "active_passive": (1.0, 0.5),
    "squentropy": (),
    "z_loss": (0.5, 2.0),
    "weston_watkins": (),
    "lee_lin_wahba": (),
    "crammer_singer": (),
    "sparsemax": (),
    "entmax15": (),
}
PAIRS = {"info_nce": (0.5,), "nt_xent": (0.5,), "siglip": (2.0, -1.0)}
TARGETS = {"multilabel_logistic": (1.0, 0.0, 0.0), "asymmetric": (1.0, 4.0, 0.05)}


def twin(name: str, x: Any, y: Any, parameters: tuple[float, ...], given: tuple[float, ...], *labels: Any) -> None:
    """A twin against its CPU kernel."""
    value, grad, one, many = np.empty(len(x)), np.empty_like(x), np.empty(len(x)), np.empty_like(x)
    KERNELS[name].run(x, *labels, *given, out=value, grad=grad, scale=0.5)
    run_row(name, x, y, one, many, 0.5, *parameters)
    np.testing.assert_allclose(one, value, rtol=1e-11, atol=1e-13, err_msg=name)
    np.testing.assert_allclose(many, grad, rtol=1e-11, atol=1e-13, err_msg=name)


def twins() -> None:
    """Every twin: rows of a thread and of a block."""
    for shape in ((6, 5), (1, 41)):
        x, y = 2 * rng.standard_normal(shape), rng.integers(0, shape[1], shape[0])
        for name, parameters in ROWS.items():
            twin(name, np.abs(x) + 0.1 if name == "harmonic" else x, y, parameters, parameters, y)
    square = rng.uniform(-1, 1, (4, 4))
    for name, parameters in PAIRS.items():
        pairs = (np.arange(4) + 2) % 4 if name == "nt_xent" else np.arange(4)
        twin(name, square, pairs, parameters, parameters)
    x, t = 3 * rng.standard_normal((3, 4)), rng.integers(0, 2, (3, 4))
    for name, parameters in TARGETS.items():
        twin(name, x, t, parameters, parameters if name == "asymmetric" else (), t)
    for name in ("crammer_singer", "weston_watkins", "sparsemax", "stablemax"):
        wide = np.array(SPECIAL)
        twin(name, wide, np.zeros(len(wide), int), (), (), np.zeros(len(wide), int))
    for x in (np.array(SPECIAL), rng.integers(-3, 3, (2, 40)).astype(float)):
        value, classes = np.empty((len(x), 3)), np.empty((len(x), 3), np.int64)
        run_topk(x, value, classes)
        wanted, ranked = KERNELS["softmax_topk"].run(x, 3)
        np.testing.assert_allclose(value, wanted, rtol=1e-12)
        np.testing.assert_array_equal(classes, ranked)
    h, w, y = rng.standard_normal((2, 3)), rng.standard_normal((37, 3)), np.array([5, 36])
    value, grads = np.empty(2), (np.empty_like(h), np.empty_like(w))
    KERNELS["linear_cross_entropy"].run(h, w, y, out=value, grad_hidden=grads[0], grad_weight=grads[1], scale=0.5)
    one, many = np.empty(2), (np.zeros_like(h), np.zeros_like(w))
    run_linear(h, w, y, one, *many, 0.5)
    for got, wanted in ((one, value), *zip(many, grads, strict=True)):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-13)


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
    v = np.array([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 40.0, -40.0, np.nan, np.inf, -np.inf], np.float32)
    for name in OF_MARGINS:
        value, slope, one, many = (np.empty(len(v), np.float32) for _ in range(4))
        KERNELS[name].run(v, out=value, grad=slope)
        run_margin(name, v, one, many)
        close(one, value)
        close(many, slope)
    twins()
print("simulated")
