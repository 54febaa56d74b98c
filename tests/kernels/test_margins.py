"""Kernels of a margin against their lifted plain functions: within the declared ulp, whatever dtype and hazard."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from losscheck.kernel import kernels
from tests.kernels.inputs import DTYPES
from tests.kernels.reference import finfo, truths, ulps

KERNELS = kernels()
INF = np.inf
PARAMETERS: dict[str, list[tuple[float, ...]]] = {"ramp": [(0.0,), (-1.5,), (0.25,)]}
LIMITS = {  # at -inf and +inf
    "logistic": (INF, 0),
    "exponential": (INF, 0),
    "hinge": (INF, 0),
    "matsushita": (INF, 0),
    "perceptron": (INF, 0),
    "squared_hinge": (INF, 0),
    "smooth_hinge": (INF, 0),
    "modified_huber": (INF, 0),
    "squared_margin": (INF, INF),
    "savage": (1, 0),
    "sigmoid": (1, 0),
    "ramp": (1, 0),
    "tangent": ((np.pi + 1) ** 2, (np.pi - 1) ** 2),
    "unhinged": (INF, -INF),
}
margins = st.one_of(
    st.floats(-1200, 1200),
    st.floats(-2, 2),
    st.sampled_from([n * np.log(2.0) * (1 + 2.0**-6) for n in (8, 11, 24, 53, 128, 150, 1024)]),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-300, 1e30, -1e30]),
)


def test_every_elementwise_kernel_is_tested() -> None:
    assert set(LIMITS) == {name for name, kernel in KERNELS.items() if kernel.shape == "elementwise"}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@given(v=st.lists(margins, min_size=1, max_size=9), data=st.data())
@settings(max_examples=20, deadline=None, derandomize=True)
@example(v=[1.0, -1.0, 0.0, 0.5, 2.0, 36.8, 700.0], data=None)
def test_margin_losses_stay_within_their_error(name: str, dtype: Any, v: list[float], data: Any) -> None:
    parameters = data.draw(st.sampled_from(PARAMETERS.get(name, [()]))) if data else PARAMETERS.get(name, [()])[0]
    top = float(finfo(dtype).max) / 8
    x = np.clip(np.array(v), -top, top).astype(dtype)
    grad = np.empty_like(x)
    value = KERNELS[name].run(x, *parameters, grad=grad)
    np.testing.assert_array_equal(KERNELS[name].run(x, *parameters).astype(float), value.astype(float))
    for i in range(len(x)):
        true, slopes = truths(name, x[i], parameters)[0]
        least = max(1.0, abs(float(x[i]))) if KERNELS[name].scale == "largest" else 0.0
        bound = KERNELS[name].max_ulp[x.dtype.name]
        assert ulps(value[i], true, dtype, least) <= bound, (float(x[i]), value[i], float(true))
        if slopes is not None:
            assert ulps(grad[i], slopes[0], dtype, least) <= bound, (float(x[i]), grad[i], float(slopes[0]))


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_special_margins(name: str, dtype: Any) -> None:
    x = np.array([np.nan, -np.inf, np.inf], dtype)
    grad = np.empty_like(x)
    value = KERNELS[name].run(x, grad=grad)
    assert np.isnan(value[0])
    assert np.isnan(grad[0])
    assert tuple(value[1:]) == tuple(np.array(LIMITS[name]).astype(dtype))
    assert not np.isnan(grad[1:]).any()


@pytest.mark.parametrize(("name", "slopes"), [("hinge", [-1, 0]), ("perceptron", [-1, 0]), ("ramp", [-1, 0])])
def test_the_slope_at_a_kink_is_that_of_its_right_side(name: str, slopes: list[float]) -> None:
    kink = 0.0 if name == "perceptron" else 1.0
    grad = np.empty(2)
    KERNELS[name].run(np.array([np.nextafter(kink, -1), kink]), grad=grad)
    assert grad.tolist() == slopes


def test_shapes_and_strides() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)[:, ::-1, ::2] - 10
    grad = np.empty(x.shape)
    value = KERNELS["logistic"].run(x, grad=grad)
    np.testing.assert_allclose(value, np.logaddexp(0, -x), rtol=1e-14)
    np.testing.assert_allclose(grad, -1 / (1 + np.exp(x)), rtol=1e-14)
    assert KERNELS["hinge"].run(np.float32(0.25)) == 0.75
    assert KERNELS["hinge"].run(np.empty((0, 2))).shape == (0, 2)
