"""Claimed bounds that are false by very little, or have no value somewhere: neither proved nor said to be supported."""

from __future__ import annotations

import numpy as np
import pytest

import losscheck
from losscheck import Bound, Verdict


def logistic(v):
    return np.logaddexp(0, -v)


def hinge(v):
    return np.maximum(0, 1 - v)


def squared_hinge(v):
    return np.maximum(0, 1 - v) ** 2


def bound(loss, claim: str) -> Bound:
    return losscheck.h_consistency(loss, kind="margin", hypotheses=losscheck.All(), claim=claim)


@pytest.mark.parametrize(
    ("loss", "claim"),
    [
        (logistic, "sqrt(2*u) - 1e-12"),  # Gamma(0) < 0 = T(0)
        (logistic, "sqrt(1.999999*u)"),  # false for small regrets only
        (logistic, "max(sqrt(2*u) - 1e-9, 0)"),
        (hinge, "u*(1 - 1e-12)"),  # T(t) = t: false everywhere
        (hinge, "u - 1e-16"),
    ],
)
def test_a_claim_that_is_almost_true_is_not_supported(loss, claim: str) -> None:
    assert bound(loss, claim).verdict in (Verdict.REFUTED, Verdict.UNDECIDED)


@pytest.mark.parametrize(
    "claim", ["log(u-2)-log(u-2)+sqrt(u)", "sqrt(u)+0/(1-4*u)", "sqrt(u)+log(1-u)*0", "sqrt(u)+(u-1/2)**(-1)*0"]
)
def test_a_claim_without_a_value_is_no_claim(claim: str) -> None:
    with pytest.raises(ValueError, match="cancels, or is multiplied by 0"):
        _ = bound(squared_hinge, claim).verdict


@pytest.mark.parametrize("claim", ["sqrt(u)", "exp(0.5*log(u))", "sqrt(u)+(u**2)**2", "2*sqrt(u)/2"])
def test_a_true_claim_stays_proved(claim: str) -> None:
    assert bound(squared_hinge, claim).verdict is Verdict.PROVED
