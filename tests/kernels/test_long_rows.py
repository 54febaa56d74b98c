"""Rows of many classes against balls: what the passes over a row compute, whatever the loss."""

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from losscheck.kernel import kernels
from tests.kernels.inputs import GAPS, rows
from tests.kernels.reference import ulps

KERNELS = kernels()
CASES = [(f, g) for f in ("normal", "wide", "dominant", "negative") for g in (17.0, 37.0, 90.0)]


def others(row: Any, y: int) -> tuple[arb, list[arb]]:
    """Cross-entropy and its gradient, the true class left out of the sum."""
    ctx.prec = 320
    gaps = [(arb(float(z)) - arb(float(row[y]))).exp() for z in row]
    s = sum((g for j, g in enumerate(gaps) if j != y), arb(0))
    return s.log1p(), [g / (1 + s) if j != y else -s / (1 + s) for j, g in enumerate(gaps)]


def shares(row: Any) -> tuple[list[arb], arb]:
    """Softmax and log-sum-exp."""
    ctx.prec = 320
    powers = [arb(float(z)).exp() for z in row]
    total = sum(powers, arb(0))
    return [p / total for p in powers], total.log()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("family", "gap"), CASES)
@pytest.mark.parametrize("shape", [(4, 33), (2, 100), (1, 9001)])
def test_cross_entropy(family: str, gap: float, shape: tuple[int, int], dtype: Any) -> None:
    x = rows(np.random.default_rng(5), family, shape, gap).astype(dtype)
    y = x.argmax(axis=1)
    y[-1] = shape[1] - 1 if family == "dominant" else y[-1]
    grad, bound = np.empty_like(x), KERNELS["cross_entropy"].max_ulp[np.dtype(dtype).name]
    value = KERNELS["cross_entropy"].run(x, y, grad=grad, accurate=True)
    forward = KERNELS["cross_entropy"].run(x, y, accurate=True)  # online over blocks
    for i in range(min(2, len(x))):
        true, slopes = others(x[i], int(y[i]))
        assert ulps(value[i], true, dtype) <= bound
        assert ulps(forward[i], true, dtype) <= bound
        for got, slope in zip(grad[i, :200], slopes, strict=False):
            assert ulps(got, slope, dtype) <= bound, (float(got), float(slope))
        assert ulps(grad[i, y[i]], slopes[y[i]], dtype) <= bound


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("family", "gap"), CASES)
@pytest.mark.parametrize("shape", [(2, 33), (2, 100), (1, 9001)])
def test_maps(family: str, gap: float, shape: tuple[int, int], dtype: Any) -> None:
    x = rows(np.random.default_rng(6), family, shape, gap).astype(dtype)
    soft = KERNELS["softmax"].run(x, accurate=True)
    logs = KERNELS["log_softmax"].run(x, accurate=True)
    total = KERNELS["logsumexp"].run(x, accurate=True)
    name = np.dtype(dtype).name
    true, log_total = shares(x[0])
    for j in range(min(200, shape[1])):
        assert ulps(soft[0, j], true[j], dtype) <= KERNELS["softmax"].max_ulp[name]
        assert ulps(logs[0, j], true[j].log(), dtype) <= KERNELS["log_softmax"].max_ulp[name]
    largest = max(1.0, float(np.abs(x).max()))
    assert ulps(total[0], log_total, dtype, largest) <= KERNELS["logsumexp"].max_ulp[name]


@pytest.mark.parametrize("shape", [(1, 3), (70, 3), (2, 100), (1, 9001)])
@pytest.mark.parametrize("gap", GAPS[:7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_fast_variant_does_not_collapse(gap: float, shape: tuple[int, int], dtype: Any) -> None:
    """One precision throughout: an error of a gap is a relative error of a share, here at most 64 ulp and the sum's."""
    x = rows(np.random.default_rng(3), "dominant", shape, gap).astype(dtype)
    y, grad = x.argmax(axis=1), np.empty_like(x)
    value = KERNELS["cross_entropy"].run(x, y, grad=grad)
    for i in (i for i in (0, 63, 69) if i < len(x)):
        true, slopes = others(x[i], int(y[i]))
        assert ulps(value[i], true, dtype) <= 8
        assert max(ulps(g, s, dtype) for g, s in zip(grad[i], slopes, strict=True)) <= 80
