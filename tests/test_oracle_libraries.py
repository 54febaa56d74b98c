"""The oracle holds implementations of one loss in five libraries to the same correctly rounded numbers."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict


def logistic(z: Any, y: Any) -> Any:
    return np.logaddexp(0.0, z) - y * z


def numpy_naive(z: Any, y: Any) -> Any:
    return np.log(1 + np.exp(z)) - y * z


def numpy_stable(z: Any, y: Any) -> Any:
    return np.log1p(np.exp(-np.abs(z))) + np.maximum((1.0 - 2.0 * y) * z, 0)


def scipy_stable(z: Any, y: Any) -> Any:
    from scipy import special

    return -special.log_expit((2.0 * y - 1.0) * z)


def torch_stable(z: Any, y: Any) -> Any:
    from torch.nn import functional

    return functional.softplus((1.0 - 2.0 * y) * z)


def torch_logits(z: Any, y: Any) -> Any:
    from torch.nn import functional

    return functional.binary_cross_entropy_with_logits(z, y, reduction="none")


def sklearn_half_binomial(z: Any, y: Any) -> Any:
    from sklearn._loss import HalfBinomialLoss

    return HalfBinomialLoss().loss(y_true=np.ascontiguousarray(y), raw_prediction=np.ascontiguousarray(z))


def jax_stable(z: Any, y: Any) -> Any:
    import jax

    return jax.nn.softplus((1.0 - 2.0 * y) * z)


def jax_naive(z: Any, y: Any) -> Any:
    import jax.numpy as jnp

    return jnp.log(1 + jnp.exp(z)) - y * z


def checked(implementation: Callable[..., Any], library: str, **more: Any) -> Report:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed: its implementation is not held to the oracle")
    return losscheck.oracle(logistic, kind="binary").check(implementation, dtypes=["float32"], **more)


@pytest.mark.parametrize(
    ("implementation", "library", "budget"),
    [
        (numpy_stable, "numpy", 4.0),
        (scipy_stable, "scipy", 4.0),
        (torch_stable, "torch", None),
        (sklearn_half_binomial, "sklearn", None),
        (jax_stable, "jax", None),
    ],
)
def test_stable_implementations(implementation: Callable[..., Any], library: str, budget: float | None) -> None:
    report = checked(implementation, library, max_ulp=budget)
    assert report["special_values[float32]"].verdict is Verdict.SUPPORTED
    accuracy = report["value_accurate[float32]"]
    if budget is not None:
        assert accuracy.verdict is Verdict.SUPPORTED
        assert accuracy.value <= budget
    assert accuracy.verdict in (Verdict.SUPPORTED, Verdict.REFUTED)
    differentiable = library in ("torch", "jax")
    assert (report["gradient_accurate[float32]"].verdict is Verdict.NOT_APPLICABLE) != differentiable


@pytest.mark.parametrize(("implementation", "library"), [(numpy_naive, "numpy"), (jax_naive, "jax")])
def test_naive_implementations(implementation: Callable[..., Any], library: str) -> None:
    special = checked(implementation, library)["special_values[float32]"]
    assert (special.verdict, special.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert "inf" in special.message


def test_a_library_loses_digits_where_terms_cancel() -> None:
    accuracy = checked(torch_logits, "torch", max_ulp=4.0)["value_accurate[float32]"]
    assert (accuracy.verdict, accuracy.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert accuracy.value > 100.0  # (1 - y) z - log sigmoid(z) cancels for z far on the right side


def test_comparisons_across_libraries() -> None:
    pytest.importorskip("jax", reason="jax is not installed: it is not compared")
    assert not losscheck.compare(jax_stable, scipy_stable, kind="binary", dtypes=["float64"], max_ulp=8.0).failures
    assert losscheck.compare(jax_naive, scipy_stable, kind="binary", dtypes=["float64"]).failures
