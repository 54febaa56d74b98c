from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from torch.nn import functional

import losscheck
import losscheck.lifting.unsupported
from losscheck.behaviour.formats import FORMATS, round_to
from losscheck.hunting.units import ulps
from losscheck.rounding.nearest import nearest, round_dyadic


def logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -v)


def cross_entropy(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y)


@given(st.integers(-(2**70), 2**70), st.integers(-1200, 1100))
def test_rounding_is_that_of_python(significand: int, exponent: int) -> None:
    exact = Fraction(significand) * Fraction(2) ** exponent
    try:
        expected = float(exact)
    except OverflowError:
        expected = math.copysign(math.inf, significand)
    assert round_dyadic(significand, exponent, "float64") == expected


@pytest.mark.parametrize("dtype", FORMATS)
@given(value=st.floats(allow_nan=False))
def test_rounding_to_narrow_formats_is_that_of_the_hardware(dtype: str, value: float) -> None:
    if dtype == "bfloat16":
        value = float(np.float32(min(max(value, -3e38), 3e38)))  # round_to goes through float32
    assert nearest(arb(value), dtype) == float(round_to(np.array(value), dtype))


def test_a_ball_across_a_boundary_is_undecided() -> None:
    with ctx.workprec(100):
        middle = arb(1) + arb(2) ** -53
    assert nearest(middle, "float64") == 1.0  # a tie, known exactly, goes to even
    assert nearest(arb(float(1), 2.0**-50), "float64") is None
    assert nearest(arb("nan"), "float64") is None


@pytest.mark.parametrize("dtype", FORMATS)
def test_values_are_within_half_a_unit_of_high_precision(dtype: str) -> None:
    mpmath = pytest.importorskip("mpmath")
    oracle = losscheck.oracle(logistic, kind="margin")
    v = round_to(np.array([-700.0, -30.0, -1.0, 0.0, 1e-3, 1.0, 17.0, 36.0, 90.0, 700.0]), dtype)
    got = oracle.value(v, dtype=dtype)
    with mpmath.workprec(3000):
        exact = [mpmath.log(1 + mpmath.exp(-mpmath.mpf(float(each)))) for each in v]
        rounded = round_to(np.array([float(e) for e in exact]), dtype)
    assert (ulps(got, rounded, dtype) <= 1.0).all()
    assert got[-1] == rounded[-1]


def test_gradients_of_every_smooth_op() -> None:
    def loss(v: Any) -> Any:
        smooth = np.arctan(v) + special.erf(v) * np.sin(v) - np.cos(v) * np.sqrt(1 + v * v) + special.log_ndtr(v)
        return smooth + np.exp(-v) / (2 + v**2) + np.log1p(v * v) + abs(v) + np.maximum(0.0, 1 - v)

    oracle = losscheck.oracle(loss, kind="margin")
    for v in (-3.0, -0.5, 0.3, 2.0):
        step = 1e-5
        numeric = (loss(v + step) - loss(v - step)) / (2 * step)
        assert oracle.gradient(np.array([v]))[0] == pytest.approx(numeric, rel=1e-7)


def test_values_that_float64_loses() -> None:
    oracle = losscheck.oracle(cross_entropy, kind="logits")
    z, y = torch.tensor([[40.0, 0.0, 0.0], [0.0, 0.0, 800.0]], dtype=torch.float64), torch.tensor([0, 2])
    value, gradient = oracle.value(z, y), oracle.gradient(z, y)
    assert value[0] == pytest.approx(2 * math.exp(-40), rel=1e-15)
    assert value[1] == 0.0  # below the smallest subnormal
    assert gradient[0, 0] == -gradient[0, 1:].sum()
    assert oracle.value(z.half(), y)[0] == 0.0


def test_inputs_that_do_not_fit() -> None:
    oracle = losscheck.oracle(cross_entropy, signature="x:(N,K):real t:(N,):index", n_classes=3)
    with pytest.raises(ValueError, match="must have"):
        oracle.value(np.zeros((2, 4)), np.zeros(2, int))
    with pytest.raises(ValueError, match="labels are 0, 1, 2"):
        oracle.value(np.zeros((1, 3)), np.array([3]))
    with pytest.raises(ValueError, match="dtype='float8'"):
        oracle.value(np.zeros((1, 3)), np.array([0]), dtype="float8")
    with pytest.raises(ValueError, match="give kind="):
        losscheck.oracle(cross_entropy)
    assert np.isnan(losscheck.oracle(lambda p, y: -np.log(p - 0.5), kind="probability").value([0.25], [1])).all()


def test_several_float_arguments_and_reductions() -> None:
    oracle = losscheck.oracle(lambda yhat, y: functional.mse_loss(yhat, y), kind="regression")
    by_guess, by_truth = oracle.gradient(np.array([0.5, 1.0]), np.array([0.25, 1.0]))
    assert by_guess.tolist() == [0.5, 0.0]
    assert by_truth.tolist() == [-0.5, 0.0]


def test_check_passes_good_and_fails_bad_implementations() -> None:
    oracle = losscheck.oracle(logistic, kind="margin")

    def stable(v: Any) -> Any:
        return np.maximum(-v, 0) + np.log1p(np.exp(-np.abs(v)))

    def naive(v: Any) -> Any:
        return np.log(1 + np.exp(-v))

    good = oracle.check(stable, dtypes=("float64", "float32"), max_ulp=4)
    assert good.ok, [f.message for f in good.failures]
    assert 0 < good["value_accurate[float64]"].value <= 4
    bad = oracle.check(naive, dtypes=("float64", "float32"))
    assert {f.id for f in bad.failures} == {"special_values[float64]", "special_values[float32]"}
    assert {f.id for f in bad.warnings} == {"value_accurate[float64]", "value_accurate[float32]"}
    witness = bad["special_values[float32]"].witness
    assert witness is not None
    assert float.fromhex(witness["inputs"]["v"]["values"][0]) == -88.72283935546875


def test_check_of_gradients() -> None:
    oracle = losscheck.oracle(logistic, kind="margin")
    torch_report = oracle.check(lambda v: functional.softplus(-v), dtypes=("float32",))
    assert "gradient_accurate[float32]" in {f.id for f in torch_report.findings}

    def detached(v: Any) -> Any:
        return functional.softplus(-v.detach()) + 0 * v

    assert "gradient_accurate[float32]" in {f.id for f in oracle.check(detached, dtypes=("float32",)).warnings}
    strict = oracle.check(detached, dtypes=("float32",), max_ulp=8)
    assert "gradient_accurate[float32]" in {f.id for f in strict.failures}


def test_check_of_sets_and_of_code_that_cannot_be_read() -> None:
    def dice(x: Any, y: Any) -> Any:
        return 1 - 2 * (x * y).sum(1) / (x + y).sum(1)

    report = losscheck.oracle(dice, kind="set").check(dice, dtypes=("float64",), max_ulp=64)
    assert report["special_values[float64]"].verdict == "supported"
    with pytest.raises(losscheck.lifting.unsupported.Unsupported):
        losscheck.oracle(lambda v: np.sort(np.fft.fft(v)).real, kind="margin")
