"""Kernels with arguments of their own: contrastive losses, the largest probabilities."""

from typing import Any

import numpy as np
import pytest

from losscheck.kernel import kernels
from tests.kernels.inputs import DTYPES
from tests.kernels.reference import truths, ulps

KERNELS = kernels()


def similarities(rows: int, columns: int, dtype: Any) -> Any:
    return np.random.default_rng(rows).uniform(-1, 1, (rows, columns)).astype(dtype)


def check(name: str, row: Any, y: int, parameters: tuple[float, ...], value: Any, grad: Any) -> None:
    (true, slopes), bound = truths(name, row, parameters, y)[0], KERNELS[name].max_ulp[row.dtype.name]
    assert ulps(value, true, row.dtype) <= bound, (name, row, value, float(true))
    for got, slope in zip(grad, slopes or [], strict=True):
        assert ulps(got, slope, row.dtype) <= bound, (name, row, got, float(slope))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("name", "parameters"), [("info_nce", (0.07,)), ("siglip", (10.0, -10.0))])
def test_pairs_on_the_diagonal(name: str, parameters: tuple[float, ...], dtype: Any) -> None:
    x = similarities(2, 3, dtype)
    grad = np.empty_like(x)
    value = KERNELS[name].run(x, *parameters, grad=grad)
    for i in range(2):
        check(name, x[i], i, parameters, value[i], grad[i])
    with pytest.raises(ValueError, match=r"M >= N: the pairs are on the diagonal"):
        KERNELS[name].run(x.T)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_two_views(dtype: Any) -> None:
    x = similarities(4, 4, dtype)
    grad = np.empty_like(x)
    value = KERNELS["nt_xent"].run(x, 0.5, grad=grad)
    for i in range(4):
        kept = [j for j in range(4) if j != i]
        check("nt_xent", x[i, kept], kept.index((i + 2) % 4), (0.5,), value[i], grad[i, kept])
        assert grad[i, i] == 0
    with pytest.raises(ValueError, match=r"give \(2 N, 2 N\)"):
        KERNELS["nt_xent"].run(x[:3, :3])
    with pytest.raises(ValueError, match=r"temperature is 0; give a number in \(0, inf\)"):
        KERNELS["nt_xent"].run(x, 0)


@pytest.mark.parametrize("shape", [(3, 2), (40, 5), (4, 700), (2, 9001)])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_largest_probabilities(dtype: Any, shape: tuple[int, int]) -> None:
    x = (np.random.default_rng(1).integers(-40, 40, shape) / 4).astype(dtype)  # with ties
    every = KERNELS["softmax"].run(x, accurate=True)
    for k in (1, 2, min(7, shape[1])):
        value, classes = KERNELS["softmax_topk"].run(x, k)
        order = np.argsort(-x.astype(float), axis=1, kind="stable")[:, :k]
        np.testing.assert_array_equal(classes, order)
        wanted = np.take_along_axis(every, order, 1).astype(float)
        eps = {"bfloat16": 2.0**-8, "float16": 2.0**-11, "float32": 2.0**-22, "float64": 2.0**-48}[x.dtype.name]
        np.testing.assert_allclose(value.astype(float), wanted, rtol=2 * eps, atol=6e-8 if dtype == "float16" else 0)


def test_rows_without_probabilities_and_refusals() -> None:
    value, classes = KERNELS["softmax_topk"].run([[np.nan, 1, 2], [np.inf, 0, 1], [-np.inf] * 3, [-np.inf, 0, 0]], 2)
    np.testing.assert_array_equal(value, [[np.nan] * 2] * 3 + [[0.5, 0.5]])
    np.testing.assert_array_equal(classes, [[0, 1]] * 3 + [[1, 2]])
    with pytest.raises(ValueError, match=r"k is 3; give a number in 1 \.\. 2"):
        KERNELS["softmax_topk"].run([[0.0, 1.0]], 3)
