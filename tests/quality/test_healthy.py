"""Healthy losses stay quiet: twenty of torch, thirty of NumPy, SciPy and scikit-learn.

The errors listed are real, and each has its line of arithmetic. All are audited under HYPOTHESIS_PROFILE=fuzz, else
every sixth.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special, stats
from torch.nn import functional as torch_losses

import losscheck
from losscheck.property import properties

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"
UNIT = "p:(N,):unit y:(N,):{0,1}"
BINARY = "z:(N,):real y:(N,):{0,1}"
SIGNED = "z:(N,):real y:(N,):{-1,1}"
MANY = "z:(N,K):real y:(N,K):{0,1}"
POSITIVE = "p:(N,):positive t:(N,):positive"
COUNT = "p:(N,):positive t:(N,):count"
EMBEDDED = "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"
TRIPLE = "a:(N,D):real b:(N,D):real c:(N,D):real"
SIMPLEX = "p:(N,K):simplex+ q:(N,K):simplex+"

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
LAWS = sorted(name for name, law in properties().items() if law.layer == "behaviour")
OVERFLOW = {"value_finite[float64]", "value_finite[float32]"}
Loss = Callable[..., Any]


METRICS = importlib.import_module("sklearn.metrics") if importlib.util.find_spec("sklearn") else None


def of_sklearn(name: str) -> Loss | None:
    """A metric of scikit-learn as a loss (target, prediction); None where it is not installed."""
    if METRICS is None:
        return None
    metric = getattr(METRICS, name)
    return lambda p, t: metric(t, p)


def chosen(values: Any, y: Any) -> Any:
    return values[np.arange(len(y)), y]


TORCH: list[tuple[str, Loss, str, set[str]]] = [
    ("cross_entropy", torch_losses.cross_entropy, LOGITS, set()),
    ("nll_loss", lambda lp, y: torch_losses.nll_loss(lp, y), "lp:(N,K):logsimplex y:(N,):index", set()),
    ("multi_margin_loss", torch_losses.multi_margin_loss, LOGITS, set()),
    ("mse_loss", torch_losses.mse_loss, PAIR, set()),
    ("l1_loss", torch_losses.l1_loss, PAIR, set()),
    ("smooth_l1_loss", torch_losses.smooth_l1_loss, PAIR, set()),
    ("huber_loss", torch_losses.huber_loss, PAIR, set()),
    ("binary_cross_entropy", torch_losses.binary_cross_entropy, UNIT, set()),
    ("binary_cross_entropy_with_logits", torch_losses.binary_cross_entropy_with_logits, BINARY, set()),
    # log(1 + exp(88.73)) is 88.73, but exp(88.73) = 3.43e38 is beyond float32; beyond 709.78 for float64.
    ("soft_margin_loss", torch_losses.soft_margin_loss, SIGNED, OVERFLOW),
    ("hinge_embedding_loss", torch_losses.hinge_embedding_loss, "d:(N,):positive y:(N,):{-1,1}", set()),
    ("multilabel_soft_margin_loss", torch_losses.multilabel_soft_margin_loss, MANY, set()),
    ("kl_div", lambda lp, q: torch_losses.kl_div(lp, q), "lp:(N,K):logsimplex q:(N,K):simplex+", set()),
    ("poisson_nll_loss", torch_losses.poisson_nll_loss, "p:(N,):real t:(N,):count", set()),
    ("gaussian_nll_loss", torch_losses.gaussian_nll_loss, PAIR + " var:(N,):positive", set()),
    ("cosine_embedding_loss", torch_losses.cosine_embedding_loss, EMBEDDED, set()),
    ("margin_ranking_loss", torch_losses.margin_ranking_loss, "a:(N,):real b:(N,):real y:(N,):{-1,1}", set()),
    ("triplet_margin_loss", torch_losses.triplet_margin_loss, TRIPLE, set()),
    ("triplet_margin_with_distance_loss", torch_losses.triplet_margin_with_distance_loss, TRIPLE, set()),
    ("pairwise_distance", torch_losses.pairwise_distance, "a:(N,D):real b:(N,D):real", set()),
]
OTHERS: list[tuple[str, Loss | None, str, set[str]]] = [
    ("squares", lambda p, t: np.mean((p - t) ** 2), PAIR, set()),
    ("absolute errors", lambda p, t: np.mean(np.abs(p - t)), PAIR, set()),
    ("log-cosh", lambda p, t: np.mean(np.logaddexp(p - t, t - p) - np.log(2)), PAIR, set()),
    ("pinball", lambda p, t: np.mean(np.maximum(0.9 * (t - p), 0.1 * (p - t))), PAIR, set()),
    ("largest error", lambda p, t: np.max(np.abs(p - t)), PAIR, set()),
    ("hinge", lambda z, y: np.mean(np.maximum(0, 1 - z * y)), SIGNED, set()),
    ("squared hinge", lambda z, y: np.mean(np.maximum(0, 1 - z * y) ** 2), SIGNED, set()),
    ("logistic", lambda z, y: np.mean(np.logaddexp(0, -z * y)), SIGNED, set()),
    ("perceptron", lambda z, y: np.mean(np.maximum(0, -z * y)), SIGNED, set()),
    ("ramp", lambda z, y: np.mean(np.clip(1 - z * y, 0, 2)), SIGNED, set()),
    ("sigmoid", lambda z, y: np.mean(special.expit(-z * y)), SIGNED, set()),
    ("softmax entropy", lambda z, y: np.mean(special.logsumexp(z, axis=1) - chosen(z, y)), LOGITS, set()),
    ("log_softmax", lambda z, y: -np.mean(chosen(special.log_softmax(z, axis=1), y)), LOGITS, set()),
    ("Brier of softmax", lambda z, y: np.mean((1 - chosen(special.softmax(z, axis=1), y)) ** 2), LOGITS, set()),
    ("margin to the best", lambda z, y: np.mean(np.max(z, axis=1) - chosen(z, y)), LOGITS, set()),
    ("xlogy", lambda p, y: -np.mean(special.xlogy(y, p) + special.xlog1py(1 - y, -p)), UNIT, set()),
    ("Brier", lambda p, y: np.mean((p - y) ** 2), UNIT, set()),
    ("spherical", lambda p, y: -np.mean(np.where(y == 1, p, 1 - p) / np.hypot(p, 1 - p)), UNIT, set()),
    ("scipy huber", lambda p, t: np.mean(special.huber(1.0, p - t)), PAIR, set()),
    ("scipy pseudo_huber", lambda p, t: np.mean(special.pseudo_huber(1.0, p - t)), PAIR, set()),
    ("scipy rel_entr", lambda p, q: np.mean(np.sum(special.rel_entr(q, p), axis=1)), SIMPLEX, set()),
    ("scipy kl_div", lambda p, q: np.mean(np.sum(special.kl_div(q, p), axis=1)), SIMPLEX, set()),
    ("scipy log_ndtr", lambda z, y: -np.mean(special.log_ndtr(z * y)), SIGNED, set()),
    ("scipy norm.logpdf", lambda p, t: -np.mean(stats.norm.logpdf(p - t)), PAIR, set()),
    ("Poisson", lambda p, t: np.mean(p - special.xlogy(t, p)), COUNT, set()),
    ("sklearn mean_squared_error", of_sklearn("mean_squared_error"), PAIR, set()),
    ("sklearn mean_absolute_error", of_sklearn("mean_absolute_error"), PAIR, set()),
    ("sklearn median_absolute_error", of_sklearn("median_absolute_error"), PAIR, set()),
    ("sklearn mean_gamma_deviance", of_sklearn("mean_gamma_deviance"), POSITIVE, set()),
    ("sklearn mean_poisson_deviance", of_sklearn("mean_poisson_deviance"), POSITIVE, set()),
]
ALL: list[tuple[str, Loss | None, str, set[str]]] = [*TORCH, *OTHERS]


def test_so_many() -> None:
    assert (len(TORCH), len(OTHERS)) == (20, 30)


@pytest.mark.parametrize(
    ("name", "loss", "signature", "real"),
    ALL if LONG else [ALL[9], *ALL[20::6]],
    ids=lambda given: given if isinstance(given, str) and ":" not in given else "",
)
def test_no_error_that_is_not_real(name: str, loss: Loss | None, signature: str, real: set[str]) -> None:
    if loss is None:
        pytest.skip(f"scikit-learn is not installed: {name} is NOT TESTED")
    report = losscheck.audit(loss, signature=signature, properties=LAWS, effort="quick", dtypes=("float64", "float32"))
    assert {finding.id for finding in report.failures} == real, [f.message for f in report.failures]
