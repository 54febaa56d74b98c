"""Kernels of a margin against balls: within the declared ulp over dtypes, shapes, strides and hazards."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from losscheck.kernel import kernels
from tests.kernels.exact import exact, ulps

KERNELS = kernels()


def _sigmoid(v: arb) -> arb:
    return 1 / (1 + (-v).exp())


def _hinge(v: arb) -> tuple[arb, arb]:
    return (1 - v, arb(-1)) if v < 1 else (arb(0), arb(0))


def _squared_hinge(v: arb) -> tuple[arb, arb]:
    return ((1 - v) ** 2, -2 * (1 - v)) if v < 1 else (arb(0), arb(0))


def _smooth_hinge(v: arb) -> tuple[arb, arb]:
    if v < 0:
        return exact(0.5) - v, arb(-1)
    return ((1 - v) ** 2 / 2, v - 1) if v < 1 else (arb(0), arb(0))


def _modified_huber(v: arb) -> tuple[arb, arb]:
    return (-4 * v, arb(-4)) if v < -1 else _squared_hinge(v)


def _ramp(v: arb, bend: float) -> tuple[arb, arb]:
    if v < exact(bend):
        return 1 - exact(bend), arb(0)
    return _hinge(v)


TRUE: dict[str, Callable[..., tuple[arb, arb]]] = {
    "logistic": lambda v: ((-v).exp().log1p(), -_sigmoid(-v)),
    "exponential": lambda v: ((-v).exp(), -(-v).exp()),
    "hinge": _hinge,
    "squared_hinge": _squared_hinge,
    "smooth_hinge": _smooth_hinge,
    "modified_huber": _modified_huber,
    "squared_margin": lambda v: ((1 - v) ** 2, -2 * (1 - v)),
    "savage": lambda v: (_sigmoid(-2 * v) ** 2, -4 * _sigmoid(2 * v) * _sigmoid(-2 * v) ** 2),
    "sigmoid": lambda v: (_sigmoid(-v), -_sigmoid(v) * _sigmoid(-v)),
    "ramp": _ramp,
}
PARAMETERS: dict[str, list[tuple[float, ...]]] = {"ramp": [(0.0,), (-1.5,), (0.25,)]}
LIMITS = {
    "logistic": (np.inf, 0),
    "exponential": (np.inf, 0),
    "hinge": (np.inf, 0),
    "squared_hinge": (np.inf, 0),
    "smooth_hinge": (np.inf, 0),
    "modified_huber": (np.inf, 0),
    "squared_margin": (np.inf, np.inf),
    "savage": (1, 0),
    "sigmoid": (1, 0),
    "ramp": (1, 0),
}
margins = st.one_of(
    st.floats(-1200, 1200),
    st.floats(-2, 2),
    st.sampled_from([n * np.log(2.0) * (1 + 2.0**-6) for n in (8, 11, 24, 53, 128, 150, 1024)]),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-300, 1e30, -1e30]),
)


def test_every_elementwise_kernel_is_tested() -> None:
    assert set(TRUE) == {name for name, kernel in KERNELS.items() if kernel.shape == "elementwise"} == set(LIMITS)


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(v=st.lists(margins, min_size=1, max_size=9), data=st.data())
@settings(max_examples=30, deadline=None, derandomize=True)
@example(v=[1.0, -1.0, 0.0, 0.5, 2.0, 36.8, 700.0], data=None)
def test_margin_losses_stay_within_their_error(name: str, dtype: Any, v: list[float], data: Any) -> None:
    parameters = data.draw(st.sampled_from(PARAMETERS.get(name, [()]))) if data else PARAMETERS.get(name, [()])[0]
    top = float(np.finfo(dtype).max) / 8
    x = np.clip(np.array(v), -top, top).astype(dtype)
    grad = np.empty_like(x)
    value = KERNELS[name].run(x, *parameters, grad=grad)
    np.testing.assert_array_equal(KERNELS[name].run(x, *parameters), value)
    for i in range(len(x)):
        true = TRUE[name](exact(x[i]), *parameters)
        for got, wanted in zip((value[i], grad[i]), true, strict=True):
            off = ulps(got, wanted, dtype)
            assert off <= KERNELS[name].max_ulp[x.dtype.name], (name, parameters, float(x[i]), got, float(wanted), off)


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_special_margins(name: str, dtype: Any) -> None:
    x = np.array([np.nan, -np.inf, np.inf], dtype)
    grad = np.empty_like(x)
    value = KERNELS[name].run(x, grad=grad)
    assert np.isnan(value[0])
    assert np.isnan(grad[0])
    assert tuple(value[1:]) == LIMITS[name]
    assert not np.isnan(grad[1:]).any()


def test_shapes_and_strides() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)[:, ::-1, ::2] - 10
    grad = np.empty(x.shape)
    value = KERNELS["logistic"].run(x, grad=grad)
    np.testing.assert_allclose(value, np.logaddexp(0, -x), rtol=1e-14)
    np.testing.assert_allclose(grad, -1 / (1 + np.exp(x)), rtol=1e-14)
    assert KERNELS["hinge"].run(np.float32(0.25)) == 0.75
    assert KERNELS["hinge"].run(np.empty((0, 2))).shape == (0, 2)
