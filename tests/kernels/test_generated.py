"""Kernels generated from graphs: within running error of balls, on losses that no catalogue has."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.kernels.generated import kernel_for
from losscheck.kernels.generated.labels import LabelLoops
from losscheck.kernels.generated.loops import GraphLoop
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.rounding.jet import jets
from tests.kernels.inputs import DTYPES, FAMILIES, GAPS, rows
from tests.kernels.running_error import enclosures

# Margins: one shape per op and per form that keeps its digits.
MARGINS: dict[str, Any] = {
    "logistic of a square root": lambda v: np.log1p(np.exp(-np.sqrt(1 + v**2) - v)),
    "one minus a sigmoid, powered": lambda v: (1 - 1 / (1 + np.exp(-v))) ** 2.5,
    "one minus an exponential": lambda v: np.where(v > 0, 3 - 3 * np.exp(-2 * v), -v),
    "logarithm of one and more": lambda v: np.log(1 + np.maximum(0, 1 - v) ** 2),
    "trigonometric": lambda v: np.arctan(v) ** 2 + np.cos(v) - np.sin(v) * 0.1,
    "rational": lambda v: 1 / (1 + v**2) ** 3 + np.abs(v - 0.5),
    "clipped": lambda v: np.minimum(4, np.maximum(-v, np.exp(-v) - 1)),
}


def comp_sum(z: Any, y: Any, tau: float = 0.3) -> Any:
    own = z[np.arange(len(z)), y]
    return np.expm1(tau * np.log(np.sum(np.exp(z - own[:, None]), axis=1))) / tau


def rest_squared(z: Any, y: Any) -> Any:
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (1 - p[np.arange(len(z)), y]) ** 1.5 + np.sum(p**2, axis=1)


def weighted(z: Any, y: Any) -> Any:
    w = np.array([1.0, 2.0, 0.3])
    return w[y] * (np.log(np.sum(np.exp(z), axis=1)) - z[np.arange(len(z)), y])


LOGITS = {"comp-sum": comp_sum, "share of the others": rest_squared, "weighted": weighted}
TAMED = settings(max_examples=12, deadline=None, derandomize=True)


def margin(name: str) -> Lifted:
    return lift(MARGINS[name], kind="margin")


def logits(name: str, k: int = 3) -> Lifted:
    return lift(LOGITS[name], kind="logits", n_classes=k)


def check(loop: GraphLoop, root: Any, x: Any) -> int:
    """Hold a loop to its balls, and the balls to the exact graph, at columns of inputs; how many numbers were held."""
    value, grad = np.empty(x.shape[1]), np.empty(x.shape)
    loop(x, value, grad)
    held = 0
    for i in range(x.shape[1]):
        point = dict(zip(loop.columns, x[:, i].tolist(), strict=True))
        jet = jets([root], point, 700)[0]
        true = [jet.value] + ([] if jet.kink else [arb(jet.slopes.get(name, 0)) for name in loop.columns])
        got = [value[i], *grad[:, i]]
        for each, exact, where in zip(got, true, enclosures(loop.roots, point), strict=False):
            if exact.is_finite() and where.is_finite() and abs(exact) < 1e308:
                assert where.overlaps(exact), (point, exact, where)
                assert where.contains(arb(float(each))), (point, each, where)
                held += 1
    return held


@pytest.mark.parametrize("name", MARGINS)
@given(data=st.data())
@TAMED
def test_margins_stay_within_their_running_error(name: str, data: Any) -> None:
    lifted = margin(name)
    v = data.draw(st.lists(st.floats(-1e3, 1e3) | st.floats(-3, 3), min_size=1, max_size=6))
    assert check(GraphLoop(lifted.roots[0], ("v",), compiled=False), lifted.roots[0], np.array([v])) > 0


@pytest.mark.parametrize("name", LOGITS)
@given(data=st.data())
@TAMED
def test_logits_stay_within_their_running_error(name: str, data: Any) -> None:
    k = data.draw(st.sampled_from([2, 3])) if name != "weighted" else 3
    lifted, rng = logits(name, k), np.random.default_rng(data.draw(st.integers(0, 2**20)))
    x = rows(rng, data.draw(st.sampled_from(FAMILIES)), (2, k), data.draw(st.sampled_from(GAPS[:6])))
    loops = LabelLoops(lifted.roots, lifted.variables, compiled=False)
    assert loops.shared == (name != "weighted")
    for loop, root in zip(loops.loops, lifted.roots, strict=False):
        assert check(loop, root, np.ascontiguousarray(x.T)) > 0


def test_the_forms_keep_their_digits() -> None:
    v = np.array([40.0, 300.0, 1e-9])
    grad = np.empty(3)
    value = kernel_for(margin("one minus a sigmoid, powered"), compiled=False)(v, grad=grad)
    np.testing.assert_allclose(value[:2], np.exp(-2.5 * v[:2]), rtol=1e-13)
    np.testing.assert_allclose(grad[:2], -2.5 * np.exp(-2.5 * v[:2]), rtol=1e-13)
    value = kernel_for(margin("one minus an exponential"), compiled=False)(v)
    np.testing.assert_allclose(value, -3 * np.expm1(-2 * v), rtol=1e-15)


@cache
def kernels_of(name: str) -> tuple[Any, Any]:
    """Compiled and interpreted."""
    lifted = margin(name) if name in MARGINS else logits(name)
    return kernel_for(lifted), kernel_for(lifted, compiled=False)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_compiled_and_interpreted_are_the_same_numbers(dtype: Any) -> None:
    rng = np.random.default_rng(1)
    x, y = (4 * rng.standard_normal((50, 3))).astype(dtype)[:, ::-1], rng.integers(0, 3, 50)
    for name in ("share of the others", "weighted"):
        compiled, interpreted = kernels_of(name)
        grad, same = np.empty(x.shape, dtype), np.empty(x.shape, dtype)
        value = compiled(x, y, grad=grad, scale=0.25)
        np.testing.assert_array_equal(value, interpreted(x, y, grad=same, scale=0.25))
        np.testing.assert_array_equal(grad, same)
        assert value.dtype == dtype
    v = x[:, 0]
    slope = np.empty(50, dtype)
    compiled, _ = kernels_of("logistic of a square root")
    value = compiled(v, grad=slope)
    np.testing.assert_array_equal(value, compiled(v))
    plain = MARGINS["logistic of a square root"](v.astype(float))
    np.testing.assert_allclose(value.astype(float), plain, rtol=4 * 2.0 ** -{2: 8, 4: 23, 8: 48}[v.dtype.itemsize])


def test_labels_of_scores() -> None:
    z, y = np.array([[-2.0, 0.5], [3.0, 1e3]]), np.array([[1, 0], [0, 1]])
    loss = kernel_for(lift(lambda z, y: np.logaddexp(0, z) - 2 * y * z, kind="binary"), compiled=False)
    grad = np.empty((2, 2))
    np.testing.assert_allclose(loss(z, y, grad=grad), np.logaddexp(0, z) - 2 * y * z, rtol=1e-15)
    np.testing.assert_allclose(grad, 1 / (1 + np.exp(-z)) - 2 * y, rtol=1e-15)
    signed = kernel_for(lift(lambda z, y: np.exp(-y * z), kind="signed"), compiled=False)
    np.testing.assert_array_equal(signed(np.float32([1, 1]), [-1, 1]), np.exp(np.float64([1, -1])).astype(np.float32))
    with pytest.raises(ValueError, match=r"labels have shape \(1,\) and dtype int64; give -1, 1, of shape \(1,\)"):
        signed([0.0], [0])


def test_inputs_that_are_not_finite_give_nan() -> None:
    x = np.array([[np.inf, 0, 1], [0, -np.inf, 1], [0, 1, np.nan], [0, 1, 2]])
    grad = np.empty_like(x)
    value = kernel_for(logits("comp-sum"), compiled=False)(x, np.array([0, 0, 0, 2]), grad=grad)
    np.testing.assert_array_equal(np.isnan(value), [True, True, True, False])
    np.testing.assert_array_equal(np.isnan(grad), np.repeat([[True], [True], [True], [False]], 3, 1))


def test_what_has_no_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="kind is 'regression'; give a loss of kind margin, binary, signed or logits"):
        kernel_for(lift(lambda a, b: (a - b) ** 2, kind="regression"))
    with pytest.raises(ValueError, match=r"this kernel was made for 3 classes"):
        kernel_for(logits("weighted"), compiled=False)(np.zeros((1, 4)), [0])
