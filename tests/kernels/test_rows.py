"""Kernels of rows against their lifted plain functions: within the declared ulp over shapes, dtypes and hazards."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.kernel import kernels
from tests.kernels.inputs import cases, rows
from tests.kernels.reference import Truth, finfo, truths, ulps

KERNELS = kernels()
LOSSES = sorted(name for name, entry in KERNELS.items() if entry.shape == "rows")
MASKED = [name for name in LOSSES if KERNELS[name].special.get("-inf at another class", "")[:6] in ("weight", "that c")]
QUICK = settings(max_examples=25, deadline=None, derandomize=True)
SOME_ROWS = (0, 1, 63, 64, 69)  # of a case of many rows, those at the edges of tiles
PARAMETERS: dict[str, list[tuple[float, ...]]] = {
    "active_passive": [(1.0, 1.0), (2.5, 0.0)],
    "comp_sum": [(0.0,), (0.5,), (1.0,), (1.5,), (2.0,)],
    "focal": [(2.0,), (0.5,), (0.0,), (5.0,)],
    "generalized_cross_entropy": [(0.7,), (1.0,), (0.1,)],
    "harmonic": [(28.0,), (1.0,)],
    "label_smoothing": [(0.1,), (0.0,), (0.5,)],
    "poly1": [(1.0,), (0.0,)],
    "z_loss": [(0.1, 10.0), (1.0, 1.0)],
}


def least(name: str, row: Any) -> float:
    return max(1.0, float(np.abs(row.astype(np.float64)).max())) if KERNELS[name].scale == "largest" else 0.0


def check(name: str, row: Any, y: int, parameters: tuple[float, ...], value: Any, grad: Any, bound: float) -> None:
    (true, slopes), scale = truths(name, row, parameters, y)[0], least(name, row)
    if not true.is_finite():  # a row of equal logits has no Z-loss
        assert np.isnan(value)
        return
    off = ulps(value, true, row.dtype, scale)
    assert off <= bound, (name, parameters, row, y, value, float(true), off)
    if slopes is None:
        assert np.isfinite(grad).all()
        return
    steepest = max(abs(float(slope)) for slope in slopes)
    if 1 < steepest:  # shares are kept in the dtype of the rows: below its normal numbers they lose digits
        scale = max(scale, steepest * float(finfo(max(row.dtype, np.dtype(np.float32), key=itemsize)).tiny))
    for j, slope in enumerate(slopes):
        off = ulps(grad[j], slope, row.dtype, scale)
        assert off <= bound, (name, parameters, row, y, j, grad[j], float(slope), off)


def itemsize(dtype: Any) -> int:
    return int(dtype.itemsize)


@pytest.mark.parametrize("name", LOSSES)
@given(data=st.data())
@QUICK
def test_losses_of_rows_stay_within_their_error(name: str, data: st.DataObject) -> None:
    x, y = data.draw(cases(positive=KERNELS[name].signature is not None))
    parameters = data.draw(st.sampled_from(PARAMETERS.get(name, [()])))
    grad = np.empty(x.shape, x.dtype)
    value = KERNELS[name].run(x, y, *parameters, grad=grad, accurate=True)
    assert value.dtype == x.dtype
    for i in (i for i in SOME_ROWS if i < len(x)):
        check(name, x[i], int(y[i]), parameters, value[i], grad[i], KERNELS[name].max_ulp[x.dtype.name])
    if x.dtype.itemsize < 8:  # forward alone is compiled apart: once is enough
        forward = KERNELS[name].run(x, y, *parameters, accurate=True)
        np.testing.assert_array_equal(forward.astype(float), value.astype(float))


@pytest.mark.parametrize("name", MASKED)
@pytest.mark.parametrize("shape", [(2, 33), (40, 5), (1, 5000)])
def test_classes_without_part_leave_wide_rows_as_they_are(name: str, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(8)
    parameters = PARAMETERS.get(name, [()])[-1]
    for dtype in (np.float32, np.float64):
        x = np.full(shape, -np.inf, dtype)
        kept = np.sort(rng.choice(shape[1], 3, replace=False))
        x[:, kept] = rows(rng, "wide", (shape[0], 3), 12.0)
        grad = np.empty_like(x)
        value = KERNELS[name].run(x, np.full(shape[0], kept[1]), *parameters, grad=grad, accurate=True)
        bound = KERNELS[name].max_ulp[np.dtype(dtype).name]
        check(name, x[0, kept], 1, parameters, value[0], grad[0, kept], bound)
        assert not np.delete(grad, kept, axis=1).any()


@pytest.mark.parametrize("name", ["softmax", "softmax_two_pass", "log_softmax", "logsumexp"])
@given(case=cases())
@QUICK
def test_maps_of_rows_stay_within_their_error(name: str, case: tuple[Any, Any]) -> None:
    x, _ = case
    value = KERNELS[name].run(x, accurate=True)
    for i in (i for i in SOME_ROWS if i < len(x)):
        found: list[Truth] = truths(name, x[i])
        for got, (true, _) in zip(np.atleast_1d(value[i]), found, strict=True):
            off = ulps(got, true, x.dtype, least(name, x[i]))
            assert off <= KERNELS[name].max_ulp[x.dtype.name], (x[i], got, float(true), off)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_may_be_written_over_the_logits(name: str) -> None:
    x = np.random.default_rng(4).uniform(0.5, 2.0, (70, 40)).astype(np.float32)
    y, grad = np.arange(70) % 40, np.empty_like(x)
    value = KERNELS[name].run(x, y, grad=grad)
    np.testing.assert_array_equal(KERNELS[name].run(x, y, grad=x), value)
    np.testing.assert_array_equal(x, grad)


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(threads: int) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((9000, 3)), rng.integers(0, 3, 9000)
    one, many = np.empty_like(x), np.empty_like(x)
    value = KERNELS["cross_entropy"].run(x, y, grad=one)
    np.testing.assert_array_equal(KERNELS["cross_entropy"].run(x, y, grad=many, threads=threads), value)
    np.testing.assert_array_equal(one, many)
