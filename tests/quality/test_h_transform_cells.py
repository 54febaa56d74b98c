"""T by branch and bound over distributions: exact values, an independent search, tampered certificates."""

import copy
import functools
from fractions import Fraction

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.proving import derive
from losscheck.theorems.h_transform_cells import h_transform_cells
from losscheck.verifier.balls import exact
from losscheck.verifier.comp_sum_risk import CompSumRisk


def of_softmax(phi):
    def loss(z, y):
        e = np.exp(z)
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return loss


def mae(t, k):
    """T of 1 - s: the least over sizes j of max(t/j, t - 1/j)."""
    return min(max(t / j, t - 1 / j) for j in range(2, k + 1))


def test_mean_absolute_error_has_its_exact_transform():
    found = h_transform_cells(lift(of_softmax(lambda s: 1 - s), kind="logits", n_classes=3), "All", [0.3, 0.6])
    for t, (low, high) in zip([0.3, 0.6], found.bounds, strict=True):
        assert low <= mae(t, 3) <= high
        assert high - low < 1e-4
    assert losscheck.verify(found.certificate).n_classes == 3


@pytest.mark.parametrize(
    "phi",
    [lambda s: 2 - s - s**0.3, lambda s: (1.2 - s) ** 2, lambda s: -np.log(s + 0.1)],
    ids=["root", "square", "log"],
)
def test_unseen_profiles_stay_below_a_dense_search(phi):
    bound = losscheck.h_consistency(of_softmax(phi), kind="logits", n_classes=3)
    grid = np.linspace(0.0005, 1, 500)
    s1, s2 = np.meshgrid(grid, grid, indexing="ij")
    s = np.stack([s1, s2, 1 - s1 - s2], axis=-1)[(s1 + s2 <= 0.9995)]
    values = phi(s)
    for t in (0.25, 0.6):
        low, high = bound.bounds(t)
        assert high - low < 1e-4
        found = np.inf
        for rest in np.linspace(0, 1 - t, 41):
            p = np.array([(1 - rest + t) / 2, (1 - rest - t) / 2, rest])
            if p[2] <= p[0]:
                risk = values @ p
                found = min(found, risk[s[:, 1] >= s.max(1)].min() - risk.min())
        assert low - 0.01 <= found <= high + 0.02


@pytest.mark.parametrize("part", ["tree", "points", "vertices", "wrong", "rest"])
def test_tampering_is_seen(part):
    made = copy.deepcopy(
        h_transform_cells(lift(of_softmax(lambda s: 1 - s), kind="logits", n_classes=3), "All", [0.3]).certificate
    )
    entry = made["proof"]["parts"][0]
    if part == "tree":
        entry["tree"] = -1
    elif part == "points":
        entry["points"] = [["1", "1", "-1"]] * len(entry["points"])
    elif part == "vertices":
        entry["vertices"].popitem()
    elif part == "wrong":
        entry["wrong"] = ["1", "0", "0"]
    else:
        entry["rest"] = ["3/5"]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def crammer_singer(z, y):
    own = z[np.arange(len(y)), y]
    others = np.where(np.arange(z.shape[1]) == y[:, None], -np.inf, z)
    return np.maximum(0, 1 - own + others.max(1))


def weston_watkins(z, y):
    own = z[np.arange(len(y)), y][:, None]
    return np.maximum(0, 1 - own + z).sum(1) - 1


def constrained(z, y):
    return np.maximum(0, 1 + z).sum(1) - np.maximum(0, 1 + z[np.arange(len(y)), y])


@pytest.mark.parametrize(
    ("loss", "hypotheses", "exact"),
    [
        (crammer_singer, losscheck.All(), lambda t: max(0, 2 * t - 1)),
        (weston_watkins, losscheck.All(), lambda t: max(0, (t - 1 / 6) / (5 / 6))),
        (
            constrained,
            losscheck.All(sum_to_zero=True),
            lambda t: t if t <= 0.5 else 3 * min(t / 2, max(t / 3, t - 1 / 3)),
        ),
    ],
    ids=["max", "sum", "constrained"],
)
def test_piecewise_linear_losses_have_their_exact_transform(loss, hypotheses, exact):
    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=hypotheses)
    for t in (0.1, 0.4, 0.7):
        low, high = bound.bounds(t)
        assert low - 1e-12 <= exact(t) <= high + 1e-12
        assert high - low < 1e-4
    assert losscheck.verify(bound.certificate).property == "h_transform"


def test_classes_that_are_not_interchangeable_are_refused():
    """The top class and the predicted class matter then, so one pair does not stand for all."""
    bound = losscheck.h_consistency(
        lambda z, y: weston_watkins(z, y) + np.maximum(0, z[:, 0] - z[:, 1]), kind="logits", n_classes=3
    )
    assert bound.bounds(0.5) == (0.0, np.inf)


def ramp_sum(z, y):
    own = z[np.arange(len(y)), y][:, None]
    return np.clip(1 - own + z, 0, 1).sum(1) - 1


@pytest.mark.parametrize(
    ("loss", "cap", "exact"),
    [
        (weston_watkins, 0.3, lambda t: max(0, 0.9 * (t - 1 / 3))),
        (ramp_sum, 0.3, lambda t: 0.6 * t),
        (ramp_sum, 2.0, lambda t: t),
    ],
    ids=["sum of hinges", "sum of ramps", "sum of ramps, wide"],
)
def test_capped_scores(loss, cap, exact):
    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=losscheck.Bounded(cap))
    grid = np.linspace(-cap, cap, 25)
    z = np.stack(np.meshgrid(grid, grid, grid, indexing="ij"), axis=-1).reshape(-1, 3)
    values = np.stack([loss(z, np.full(len(z), y)) for y in range(3)], axis=1)
    for t in (0.2, 0.7):
        low, high = bound.bounds(t)
        assert low - 1e-12 <= exact(t) <= high + 1e-12
        assert high - low < 1e-4
        rests = np.linspace(0, min(1 - t, (1 + t) / 3), 301)
        p = np.stack([(1 - rests + t) / 2, (1 - rests - t) / 2, rests])
        risks = values @ p
        least = (risks[z[:, 1] >= z.max(1)].min(0) - risks.min(0)).min()
        assert low - 1e-12 <= least + 0.05 * cap


def test_the_worst_point_is_not_assumed_for_several_classes():
    """Where more scores do not change T, both ends agree; where they do, nothing narrow is claimed."""
    same = losscheck.h_consistency(ramp_sum, kind="logits", n_classes=3, hypotheses=losscheck.Linear(W=1.0, B=2.0))
    low, high = same.bounds(0.4)
    assert high - low < 1e-4
    assert low <= 0.4 <= high


def test_cross_entropy_of_capped_scores_has_no_bound_near_zero():
    """Two classes tie at the cap: the closed form of two classes does not hold for three."""

    def loss(z, y):
        return np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y]

    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=losscheck.Bounded(0.5))
    flat = np.exp(-1) / (2 + np.exp(-1))
    assert bound.bounds(flat * 0.99)[1] < 1e-9
    assert bound.bounds(flat + 0.1)[0] > 1e-3


def root_profile(k):
    lifted = lift(of_softmax(lambda s: (1 - s**0.7) / 0.7), kind="logits", n_classes=k)
    return h_transform_cells(lifted, "All", [0.4])


def test_cells_next_to_two_classes_are_left_to_swaps():
    """The slope of s^0.7 is infinite at 0: cells alone would not close next to p = (p_0, p_1, 0, 0)."""
    found = root_profile(4)
    ((low, high),) = found.bounds
    s = np.linspace(0.5, 1, 100_001)
    two = (1 - 0.5**0.7) / 0.7 - (0.7 * (1 - s**0.7) / 0.7 + 0.3 * (1 - (1 - s) ** 0.7) / 0.7).min()
    assert high - low < 1e-4
    assert high < two - 1e-3
    made = found.certificate
    assert losscheck.verify(made)
    part = made["proof"]["parts"][0]
    assert part["swaps"]["bands"]
    for change in ({"from": "2/5"}, {"low": "1/5"}, {"bands": part["swaps"]["bands"][1:]}):
        forged = copy.deepcopy(made)
        forged["proof"]["parts"][0]["swaps"].update(change)
        with pytest.raises(losscheck.CertificateRejected):
            losscheck.verify(forged)
    forged = copy.deepcopy(made)
    forged["proof"]["parts"][0]["swaps"] = None
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(forged)
    forged["proof"]["parts"][0]["tree"] = -2
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(forged)


def test_slopes_that_differ_by_less_than_a_double_are_ordered_exactly() -> None:
    """The uniform distribution on classes 1 and 2 is best by 2^-71: a bound that ties 0 and 2 would miss it."""
    slopes = [Fraction(-1) + Fraction(1, 2**70), Fraction(-1), Fraction(-1) - Fraction(1, 2**70)]
    x = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)]
    risk = CompSumRisk.__new__(CompSumRisk)
    risk.seen = {(c, True): exact(3 * s) for c, s in zip(x, slopes, strict=True)}
    risk.seen |= {(c, False): exact(3 * c * s) for c, s in zip(x, slopes, strict=True)}
    bound = risk.below([Fraction(1, 3)] * 3, [str(c) for c in x], predicted=True)
    assert bound <= exact(Fraction(-1) - Fraction(1, 2**71))


def root_loss(z, y):
    e = np.exp(z)
    return 2 - 2 * np.sqrt((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])


@functools.cache
def of_capped_roots():
    return h_transform_cells(lift(root_loss, kind="logits", n_classes=3), "Bounded(1)", [0.6])


def test_capped_scores_of_a_loss_that_is_not_convex_in_them():
    """Against the least regret over a grid of scores in the cube, at many distributions."""
    ((low, high),) = of_capped_roots().bounds
    assert high - low < 1e-4
    axis = np.linspace(-1, 1, 81)
    z = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    losses = np.stack([root_loss(z, np.full(len(z), y)) for y in range(3)], axis=1)
    wrong = z[:, 1] >= z.max(1) - 1e-12
    regrets = []
    for r in np.linspace(0, 0.4, 21):
        risk = losses @ np.array([(1 - r + 0.6) / 2, (1 - r - 0.6) / 2, r])
        regrets.append(risk[wrong].min() - risk.min())
    assert abs(min(regrets) - high) < 2e-3


def test_a_wider_cap_is_not_taken_for_a_narrow_one():
    lifted = lift(root_loss, kind="logits", n_classes=3)
    made = copy.deepcopy(of_capped_roots().certificate["proof"])
    assert derive(lifted, "h_transform", "proved", {**made, "hypotheses": "Bounded(1/2)"}) is None
    both = derive(lifted, "h_transform", "proved", {**made, "hypotheses": "Linear(1, 1)"})
    assert both is None or both.bounds[0][0] < 0.17  # from the most scores below: far from tight


@pytest.mark.parametrize(("hypotheses", "same"), [("Linear(1, 1/2)", "Bounded(1/2)"), ("ReLU(1, 3, 1)", "Bounded(1)")])
def test_the_least_cap_is_the_worst_of_cross_entropy(hypotheses, same):
    lifted = lift(lambda z, y: np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y], kind="logits", n_classes=3)
    found, narrow = (h_transform_cells(lifted, text, [0.3, 0.6]) for text in (hypotheses, same))
    assert found.bounds == narrow.bounds
    assert found.certificate["proof"]["worst"] is not None
    forged = {**found.certificate["proof"], "hypotheses": hypotheses}
    other = lift(lambda z, y: np.exp(z).sum(1) * np.exp(-z[np.arange(len(y)), y]), kind="logits", n_classes=3)
    assert derive(other, "h_transform", "proved", forged) is None
