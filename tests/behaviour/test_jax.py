"""Losses written for JAX: called in 64 bits, differentiated by JAX itself, mapped and compiled by it."""

from __future__ import annotations

from typing import Any

import pytest

from losscheck.behaviour.trial import Trial
from losscheck.signature import parse
from losscheck.verdict import Severity, Verdict

jax = pytest.importorskip("jax", reason="jax is not installed: JAX losses are not tested")

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"


def cross_entropy(z: Any, y: Any) -> Any:
    return (jax.nn.logsumexp(z, axis=1) - z[jax.numpy.arange(len(y)), y]).mean()


def root(p: Any, t: Any) -> Any:
    return jax.numpy.sqrt(((p - t) ** 2).sum())


def half_constant(p: Any, t: Any) -> Any:
    return (jax.lax.stop_gradient(jax.numpy.abs(p - t)) * (p - t) ** 2).mean()


@jax.custom_vjp
def square(x: Any) -> Any:
    return x**2


square.defvjp(lambda x: (x**2, x), lambda x, upstream: (upstream * x,))


def test_a_jax_loss_runs_in_every_format() -> None:
    trial = Trial(cross_entropy, parse(LOGITS))
    assert (trial.caller.backend, trial.dtype, trial.reduction) == ("jax", "float64", "mean")
    assert trial.noise < 1e-14
    assert all(trial.supports(dtype) for dtype in trial.dtypes)


@pytest.mark.parametrize(
    ("name", "function", "signature", "verdict"),
    [
        ("gradient_correct", cross_entropy, LOGITS, Verdict.SUPPORTED),
        ("gradient_correct", lambda p, t: square(p - t).mean(), PAIR, Verdict.REFUTED),
        ("gradient_correct", half_constant, PAIR, Verdict.REFUTED),
        ("gradient_finite", root, PAIR, Verdict.REFUTED),
        ("second_order", cross_entropy, LOGITS, Verdict.SUPPORTED),
        ("overflow_free", cross_entropy, LOGITS, Verdict.SUPPORTED),
        ("mode_consistent", cross_entropy, LOGITS, Verdict.SUPPORTED),
    ],
)
def test_what_is_true_of_jax_losses(asked: Any, name: str, function: Any, signature: str, verdict: Verdict) -> None:
    outcome = next(iter(asked(name, function, signature, dtypes=("float64", "float32")).values()))
    assert outcome.verdict is verdict, outcome.message
    if function is half_constant:
        assert outcome.severity is Severity.WARNING
