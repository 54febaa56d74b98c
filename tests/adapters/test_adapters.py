"""Losses of other libraries, audited for real; a library that is not installed is skipped, and says so."""

import importlib.util
import os
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.adapters import adapt
from losscheck.adapters.objective import objective
from losscheck.loss import as_loss, load_target
from losscheck.verdict import Verdict


def needs(library: str) -> pytest.MarkDecorator:
    there = importlib.util.find_spec(library) is not None
    return pytest.mark.skipif(not there, reason=f"NOT TESTED: {library} is not installed (extra field)")


QUICK: dict[str, Any] = {"effort": "quick", "dtypes": ("float64", "float32")}


@needs("sklearn")
def test_sklearn_losses_are_called_with_the_prediction_first() -> None:
    from sklearn._loss import loss as losses

    rng = np.random.default_rng(0)
    for made, kind in (
        (losses.HalfBinomialLoss(), "binary"),
        (losses.HalfMultinomialLoss(n_classes=5), "logits"),
        (losses.HalfSquaredError(), "regression"),
        (losses.PinballLoss(quantile=0.2), "regression"),
        (losses.HalfPoissonLoss(), "regression"),
    ):
        loss = as_loss(made)
        assert loss.kind == kind
        z = rng.normal(size=(6, 3) if kind == "logits" else 6)
        y = rng.integers(0, 2, size=6)
        if kind == "logits":
            wanted = np.log(np.exp(z).sum(1)) - z[np.arange(6), y]
        else:
            wanted = made.loss(y_true=y.astype(float), raw_prediction=z)
        np.testing.assert_allclose(loss.function(z, y), wanted, rtol=1e-12)
    assert as_loss(losses.HalfPoissonLoss()).signature == "yhat:(N,):real y:(N,):positive"
    assert as_loss(losses.HalfTweedieLossIdentity(power=1.5)).signature == "yhat:(N,):positive y:(N,):positive"
    assert load_target("sklearn._loss.loss:HalfBinomialLoss")(z, y.astype(float)).shape == (6,)


@needs("sklearn")
def test_sklearn_is_audited() -> None:
    report = losscheck.audit("sklearn._loss.loss:HalfBinomialLoss", kind="binary", **QUICK)
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED
    assert report["value_finite[float64]"].verdict is Verdict.SUPPORTED
    assert report["convex"].verdict is Verdict.UNSUPPORTED, "compiled code cannot be read"
    assert report.ok, report


@needs("sklearn")
def test_scorers_of_sklearn_are_the_negative_of_their_metric() -> None:
    from sklearn import metrics

    p, y = np.array([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2]]), np.array([0, 1])
    proper = as_loss(metrics.get_scorer("neg_log_loss"))
    assert (proper.kind, proper.name) == ("simplex", "log_loss")
    assert proper.function(p, y) == pytest.approx(-(np.log(0.7) + np.log(0.5)) / 2), "class 2 exists, though not here"
    score = as_loss(metrics.get_scorer("r2"))
    assert score.function(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0])) == pytest.approx(-0.5)
    ranked = as_loss(metrics.get_scorer("roc_auc"))
    assert ranked.kind is None, "a ranking has no kind, so it is said by the caller"
    pinball = metrics.make_scorer(metrics.mean_pinball_loss, greater_is_better=False, alpha=0.2)
    report = losscheck.audit(pinball, properties=["accepts_valid_input", "value_finite", "batch_consistent"], **QUICK)
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED
    assert report.ok, report


@needs("keras")
def test_keras_losses_by_their_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", os.environ.get("KERAS_BACKEND", "jax"))
    pytest.importorskip("jax", reason="NOT TESTED: jax is not installed")
    import keras

    for name, settings, kind in (
        ("BinaryCrossentropy", {"from_logits": True}, "binary"),
        ("BinaryCrossentropy", {}, "probability"),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, "logits"),
        ("SquaredHinge", {}, "signed"),
        ("MeanSquaredError", {}, "regression"),
    ):
        loss = adapt(getattr(keras.losses, name)(**settings))
        assert loss is not None
        assert loss.kind == kind
        z = np.full((4, 3), 0.25) if kind == "logits" else np.full(4, 0.25)
        assert loss.function(z, np.ones(4, int)).shape == (4,)
    asked = losscheck.audit(
        keras.losses.BinaryCrossentropy(from_logits=True),
        properties=["accepts_valid_input", "value_finite", "batch_consistent"],
        **QUICK,
    )
    assert asked["accepts_valid_input"].verdict is Verdict.SUPPORTED, asked
    assert asked["value_finite[float32]"].verdict is Verdict.SUPPORTED, asked
    assert asked.ok, asked


@needs("optax")
def test_optax_needs_no_adapter() -> None:
    report = losscheck.audit(
        "optax.losses:sigmoid_binary_cross_entropy",
        kind="binary",
        properties=["accepts_valid_input", "value_finite", "gradient_correct", "convex"],
        **QUICK,
    )
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED, report
    assert report["convex"].verdict is Verdict.PROVED, report
    assert report.ok


@needs("torchmetrics")
def test_torchmetrics_needs_no_adapter() -> None:
    report = losscheck.audit(
        "torchmetrics.functional:mean_squared_error",
        kind="regression",
        properties=["accepts_valid_input", "value_finite", "reduction_consistent"],
        **QUICK,
    )
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED, report
    assert report["reduction_consistent"].verdict is Verdict.SUPPORTED, report


@needs("torch")
def test_torch_modules_with_buffers() -> None:
    import torch

    class Weighted(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("weight", torch.tensor(2.0, dtype=torch.float64))

        def forward(self, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return self.weight.to(z.dtype) * torch.nn.functional.softplus(-z * y)

    asked = ["accepts_valid_input", "convex", "lipschitz", "pure"]
    report = losscheck.audit(Weighted(), kind="signed", properties=asked, **QUICK)
    assert report["lipschitz"].verdict in (Verdict.PROVED, Verdict.UNDECIDED, Verdict.SUPPORTED), report
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED
    assert report.ok
    weights = torch.tensor([1.0, 2.0, 0.5])
    module = losscheck.audit(torch.nn.CrossEntropyLoss(weight=weights), properties=["accepts_valid_input"], **QUICK)
    assert module.kind == "logits"
    assert module["accepts_valid_input"].verdict is Verdict.SUPPORTED, module


def logistic_native(preds: Any, data: Any) -> Any:
    p = 1 / (1 + np.exp(-preds))
    return p - data.get_label(), p * (1 - p)


def logistic_sklearn(y_true: Any, y_pred: Any) -> Any:
    p = 1 / (1 + np.exp(-y_pred))
    return p - y_true, p * (1 - p)


def test_objectives_of_gradient_boosting() -> None:
    z, y = np.array([0.5, -2.0]), np.array([1, 0])
    native = objective(logistic_native, kind="binary", style="native")
    other = objective(logistic_sklearn, kind="binary", style="sklearn")
    plain = objective(lambda z, y: logistic_sklearn(y, z), kind="binary", style="plain")
    for a, b in ((native, other), (other, plain)):
        np.testing.assert_array_equal(a.function(z, y), b.function(z, y))
    report = losscheck.audit(native, properties=["accepts_valid_input", "value_finite", "batch_consistent"], **QUICK)
    assert report.target == "logistic_native"
    assert report.kind is None, "nothing is proved of a gradient"
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED
    with pytest.raises(ValueError, match="give one of native"):
        objective(logistic_native, kind="binary", style="xgboost")
    with pytest.raises(ValueError, match='give kind="binary"'):
        objective(logistic_native, style="native")


def test_what_has_no_adapter_is_left_alone() -> None:
    for thing in (logistic_native, abs, np.exp, 3, "text", type("Loss", (), {})()):
        assert adapt(thing) is None
