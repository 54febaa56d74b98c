"""T by the formulas for concave profiles and for largest rivals: exact values, a dense search, broken hypotheses."""

import copy

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.theorems.h_transform_concave import h_transform_concave
from losscheck.theorems.h_transform_max import h_transform_max


def of_softmax(phi):
    def loss(z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return loss


def of_largest_rival(phi):
    def loss(z, y):
        own = z[np.arange(len(y)), y]
        return phi(own - np.where(np.arange(z.shape[1]) == y[:, None], -np.inf, z).max(1))

    return loss


def searched(values, wrong, t, rests):
    """The least regret over distributions of three classes, the losses of many scores given."""
    best = np.inf
    for rest in rests:
        p = np.array([(1 - rest + t) / 2, (1 - rest - t) / 2, rest])
        if p[1] >= -1e-12 and p[2] <= p[0]:
            risk = values @ p
            best = min(best, risk[wrong].min() - risk.min())
    return best


SIMPLEX = np.array([[i, j, 40 - i - j] for i in range(41) for j in range(41 - i)]) / 40
THIRDS = np.vstack([SIMPLEX, np.full((1, 3), 1 / 3)])


@pytest.mark.parametrize(
    "phi", [lambda s: 1 - s, lambda s: 2 - s - s**3, lambda s: np.cos(s)], ids=["linear", "cubic", "cosine"]
)
def test_concave_profiles_against_all_vertices(phi):
    lifted = lift(of_softmax(phi), kind="logits", n_classes=3)
    ts = [0.1, 0.45, 0.8]
    found = h_transform_concave(lifted, "All", ts)
    for t, (low, high) in zip(ts, found.bounds, strict=True):
        least = searched(phi(THIRDS), THIRDS[:, 1] >= THIRDS.max(1), t, np.linspace(0, 1 - t, 2001))
        assert high - low < 1e-12
        assert low - 1e-12 <= least <= high + 1e-3


@pytest.mark.parametrize("k", [2, 5, 9])
def test_the_mean_absolute_error_for_many_classes(k):
    lifted = lift(of_softmax(lambda s: 1 - s), kind="logits", n_classes=k)
    ts = [0.05, 0.3, 0.7]
    found = h_transform_concave(lifted, "All", ts)
    for t, (low, high) in zip(ts, found.bounds, strict=True):
        assert low <= min(max(t / j, t - 1 / j) for j in range(2, k + 1)) <= high + 1e-15


@pytest.mark.parametrize(
    "phi",
    [lambda s: -np.log(s), lambda s: s, lambda s: 1 - np.abs(s - 0.5), lambda s: s * (1 - s)],
    ids=["convex", "rising", "kink", "turning"],
)
def test_profiles_that_are_not_concave_and_falling_prove_nothing(phi):
    assert h_transform_concave(lift(of_softmax(phi), kind="logits", n_classes=3), "All", [0.5]) is None


def test_a_concave_profile_of_bounded_scores_is_not_covered():
    assert (
        h_transform_concave(lift(of_softmax(lambda s: 1 - s), kind="logits", n_classes=3), "Bounded(1)", [0.5]) is None
    )


RIVALS = {
    "hinge": lambda v: np.maximum(0, 1 - v),
    "ramp": lambda v: np.clip(1 - v, 0, 1.5),
    "logistic": lambda v: np.logaddexp(0, -v),
    "sigmoid": lambda v: 1 / (1 + np.exp(3 * v)),
    "step": lambda v: np.where(v < 0.5, 1.0, 0.0),
}


@pytest.mark.parametrize("name", RIVALS)
def test_largest_rivals_against_a_dense_search(name):
    phi, cap = RIVALS[name], 0.75
    lifted = lift(of_largest_rival(phi), kind="logits", n_classes=3)
    grid = np.linspace(-cap, cap, 31)
    z = np.stack(np.meshgrid(grid, grid, grid, indexing="ij"), axis=-1).reshape(-1, 3)
    values = np.stack([of_largest_rival(phi)(z, np.full(len(z), y)) for y in range(3)], axis=1)
    ts = [0.2, 0.6]
    found = h_transform_max(lifted, "Linear(2, 3/4)", ts)
    for t, (low, high) in zip(ts, found.bounds, strict=True):
        least = searched(values, z[:, 1] >= z.max(1), t, np.linspace(0, 1 - t, 401))
        assert high - low < 1e-6
        assert low - 0.02 <= least <= high + 0.02


@pytest.mark.parametrize("k", [2, 3, 6])
def test_the_margin_loss_of_several_classes_at_any_number_of_them(k):
    found = h_transform_max(lift(of_largest_rival(RIVALS["ramp"]), kind="logits", n_classes=k), "Bounded(1)", [0.4])
    low, high = found.bounds[0]
    a = max(0.4, 1.4 / k)
    by_hand = [min(q * max(0, 1 - m) + (1 - q) * min(1.5, 1 + m) for m in (0, 0.5, 1, 2)) for q in (a - 0.4, a)]
    assert low <= max(0, by_hand[0] - by_hand[1]) <= high


@pytest.mark.parametrize(
    "loss",
    [
        of_largest_rival(lambda v: np.abs(v - 1)),
        of_largest_rival(lambda v: np.where(v < 0, 0.5, 1.0)),
        lambda z, y: np.maximum(0, 1 + z - z[np.arange(len(y)), y][:, None]).sum(1) - 1,
        lambda z, y: of_largest_rival(RIVALS["hinge"])(z, y) + np.maximum(0, z[:, 0] - 3),
    ],
    ids=["rises", "steps up", "sum", "one class more"],
)
def test_what_is_no_falling_function_of_the_largest_rival_proves_nothing(loss):
    assert h_transform_max(lift(loss, kind="logits", n_classes=3), "Bounded(1)", [0.5]) is None


def test_the_profile_must_fall_on_both_sides():
    """The prover reads rivals at 0: a profile that rises only at negative margins must be seen as well."""
    loss = of_largest_rival(lambda v: np.where(v < -1, 0.2, np.maximum(0, 1 - v)))
    assert h_transform_max(lift(loss, kind="logits", n_classes=3), "All", [0.5]) is None


@pytest.mark.parametrize("part", ["own", "slope_breaks", "points", "hypotheses"])
def test_tampering_is_seen(part):
    lifted = lift(of_largest_rival(RIVALS["hinge"]), kind="logits", n_classes=3)
    made = copy.deepcopy(h_transform_max(lifted, "Bounded(1)", [0.4]).certificate)
    proof = made["proof"]
    if part == "own":
        proof["own"]["roots"] = [0]
    elif part == "slope_breaks":
        proof["slope_breaks"] = []
    elif part == "points":
        proof["infima"]["points"][0] = "3"
    else:
        proof["hypotheses"] = "Bounded(1/2)"
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)
