"""T of convex losses of several scores: a refuted claim of the literature, closed values, broken hypotheses."""

import copy

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.theorems.h_transform_cells import h_transform_cells


def squared_sum(z, y):
    own = z[np.arange(len(y)), y][:, None]
    return (np.maximum(0, 1 - own + z) ** 2).sum(1) - 1


def constrained_exp(z, y):
    e = np.exp(z)
    return e.sum(1) - e[np.arange(len(y)), y]


def test_the_square_root_bound_of_the_sum_of_squared_hinges_is_false_for_three_classes():
    bound = losscheck.h_consistency(squared_sum, kind="logits", n_classes=3, claim="sqrt(t)")
    low, high = bound.bounds(0.1)
    assert low <= 42436 / 5059797 <= high + 1e-4
    assert high < 0.01
    assert bound.verdict == losscheck.Verdict.REFUTED


def test_the_constrained_exponential_lies_above_its_envelope():
    """The bound 2 - sqrt(4 - t^2) of the literature is valid, and strict for three classes."""
    bound = losscheck.h_consistency(
        constrained_exp, kind="logits", n_classes=3, hypotheses=losscheck.All(sum_to_zero=True)
    )
    for t in (0.2, 0.6):
        low, high = bound.bounds(t)
        assert high - low < 1e-4
        assert low > 2 - np.sqrt(4 - t * t)
    made = copy.deepcopy(bound.certificate)
    part = made["proof"]["parts"][0]["parts"][0]
    part["vertices"] = {k: [["1/7"]] for k in part["vertices"]}
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_without_the_constraint_the_loss_has_no_bound():
    """All scores to minus infinity make the loss 0 whatever class is predicted: nothing positive is shown."""
    bound = losscheck.h_consistency(constrained_exp, kind="logits", n_classes=3)
    assert bound.bounds(0.5)[0] <= 1e-4


@pytest.mark.parametrize(
    ("phi", "least", "most"),
    [
        (lambda m: np.exp(-m) + 0.2 * np.maximum(0, -m), 0.2604, 0.2605),
        (lambda m: np.log1p(np.exp(-m)) ** 2, 0.1597, 0.1598),
    ],
    ids=["a kink where scores tie", "squared logistic"],
)
def test_sums_over_pairs(phi, least, most):
    """Against a search over scores and distributions in other code: 0.26040 and 0.15976 to three digits."""

    def loss(z, y):
        own = z[np.arange(len(y)), y][:, None]
        return phi(own - z).sum(1)

    found = h_transform_cells(lift(loss, kind="logits", n_classes=3), "All", [0.7])
    ((low, high),) = found.bounds
    assert high - low < 1e-4
    assert least < low
    assert high < most
