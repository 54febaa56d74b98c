"""Kernels of rows against balls: within the declared ulp over shapes, dtypes, strides and hazards."""

from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.kernel import kernels
from tests.kernels.exact import PARAMETERS, ROWS, exact, logsumexp, maps, ulps
from tests.kernels.inputs import GAPS, cases, rows

KERNELS = kernels()
QUICK = settings(max_examples=40, deadline=None, derandomize=True)
SOME_ROWS = (0, 1, 63, 64, 69)  # of a case of many rows, those at the edges of tiles


def scale_of(z: Any, name: str) -> float:
    return max(1.0, float(np.abs(z[np.isfinite(z)]).max())) if KERNELS[name].scale == "largest" else 0.0


def balls(row: Any, y: int | None = None) -> tuple[list[arb], list[int], int]:
    """The finite logits as balls, where they stand, and the place of y among them."""
    kept = [j for j in range(len(row)) if np.isfinite(row[j])]
    return [exact(row[j]) for j in kept], kept, kept.index(y) if y is not None else -1


def check(name: str, x: Any, y: Any, parameters: tuple[float, ...], value: Any, grad: Any, bound: float) -> None:
    for i in (i for i in SOME_ROWS if i < len(x)):
        z, kept, own = balls(x[i], int(y[i]))
        if name == "label_smoothing" and len(kept) < x.shape[1] and parameters[0] > 0:
            assert value[i] == np.inf
            continue
        true, slopes = ROWS[name](z, own, *parameters)
        least = scale_of(x[i], name)
        assert ulps(value[i], true, x.dtype, least) <= bound, (name, parameters, x[i], y[i], value[i], float(true))
        steepest = max(abs(float(slope)) for slope in slopes)
        if 1 < steepest:  # shares are kept in the dtype of the rows: below its normal numbers they lose digits
            least = max(least, steepest * float(np.finfo(max(x.dtype, np.dtype(np.float32))).tiny))
        for j, slope in zip(kept, slopes, strict=True):
            off = ulps(grad[i, j], slope, x.dtype, least)
            assert off <= bound, (name, parameters, x[i], y[i], j, grad[i, j], float(slope), off)
        assert not grad[i, [j for j in range(x.shape[1]) if j not in kept]].any()


@pytest.mark.parametrize("name", ROWS)
@given(case=cases(), data=st.data())
@QUICK
def test_losses_of_rows_stay_within_their_error(name: str, case: tuple[Any, Any], data: st.DataObject) -> None:
    x, y = case
    parameters = data.draw(st.sampled_from(PARAMETERS.get(name, [()])))
    options = {"accurate": True} if name not in ("crammer_singer", "weston_watkins", "sparsemax") else {}
    grad = np.empty(x.shape, x.dtype)
    value = KERNELS[name].run(x, y, *parameters, grad=grad, **options)
    assert value.dtype == x.dtype
    check(name, x, y, parameters, value, grad, KERNELS[name].max_ulp[x.dtype.name])
    forward = KERNELS[name].run(x, y, *parameters, **options)
    np.testing.assert_array_equal(forward, value)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@given(case=cases())
@QUICK
def test_maps_of_rows_stay_within_their_error(name: str, case: tuple[Any, Any]) -> None:
    x, _ = case
    value = KERNELS[name].run(x, accurate=True)
    for i in (i for i in SOME_ROWS if i < len(x)):
        z, kept, _ = balls(x[i])
        for j, true in zip(kept, maps(z, name), strict=True):
            off = ulps(value[i, j], true, x.dtype)
            assert off <= KERNELS[name].max_ulp[x.dtype.name], (x[i], j, value[i, j], float(true), off)
        gone = [j for j in range(x.shape[1]) if j not in kept]
        assert (value[i, gone] == (0 if name == "softmax" else -np.inf)).all()


@given(case=cases())
@QUICK
def test_logsumexp_stays_within_its_error(case: tuple[Any, Any]) -> None:
    x, _ = case
    value = KERNELS["logsumexp"].run(x, accurate=True)
    for i in (i for i in SOME_ROWS if i < len(x)):
        off = ulps(value[i], logsumexp(balls(x[i])[0]), x.dtype, scale_of(x[i], "logsumexp"))
        assert off <= KERNELS["logsumexp"].max_ulp[x.dtype.name], (x[i], value[i], off)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("family", "gap"), [("normal", 0.0), ("dominant", 17.0), ("dominant", 37.0), ("wide", 90.0)])
def test_rows_of_several_blocks(family: str, gap: float, dtype: Any) -> None:
    x = rows(np.random.default_rng(5), family, (2, 9001), gap).astype(dtype)
    y = np.array([int(x[0].argmax()), 4096])
    grad = np.empty_like(x)
    value = KERNELS["cross_entropy"].run(x, y, grad=grad, accurate=True)
    bound = KERNELS["cross_entropy"].max_ulp[np.dtype(dtype).name]
    check("cross_entropy", x, y, (), value, grad, bound)
    forward = KERNELS["cross_entropy"].run(x, y, accurate=True)  # online over blocks
    for i in range(2):
        assert ulps(forward[i], ROWS["cross_entropy"](balls(x[i])[0], int(y[i]))[0], dtype) <= bound


@pytest.mark.parametrize("shape", [(1, 3), (70, 3), (2, 100), (1, 9001)])
@pytest.mark.parametrize("gap", GAPS[:7])
def test_the_fast_variant_does_not_collapse(gap: float, shape: tuple[int, int]) -> None:
    """Single precision throughout: an error of a gap is a relative error of a share, at most 64 ulp and the sum's."""
    x = rows(np.random.default_rng(3), "dominant", shape, gap).astype(np.float32)
    y = x.argmax(axis=1)
    grad = np.empty_like(x)
    value = KERNELS["cross_entropy"].run(x, y, grad=grad)
    for i in (i for i in SOME_ROWS if i < len(x)):
        true, slopes = ROWS["cross_entropy"](balls(x[i])[0], int(y[i]))
        assert ulps(value[i], true, np.float32) <= 8
        assert max(ulps(g, s, np.float32) for g, s in zip(grad[i], slopes, strict=True)) <= 80


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(threads: int) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((9000, 3)), rng.integers(0, 3, 9000)
    one, many = np.empty_like(x), np.empty_like(x)
    value = KERNELS["cross_entropy"].run(x, y, grad=one)
    np.testing.assert_array_equal(KERNELS["cross_entropy"].run(x, y, grad=many, threads=threads), value)
    np.testing.assert_array_equal(one, many)
