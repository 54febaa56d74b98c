"""T does not depend on how a loss is written, nor on rounding next to a cap."""

import numpy as np

import losscheck


def rows(z, y):
    return z[np.arange(len(y)), y]


def of_smallest_margin(z, y):
    own = y[:, None] == np.arange(z.shape[1])
    return np.exp(-np.where(own, np.inf, rows(z, y)[:, None] - z).min(axis=1))


def of_largest_rival(z, y):
    own = y[:, None] == np.arange(z.shape[1])
    return np.exp(np.where(own, -np.inf, z).max(axis=1) - rows(z, y))


def test_the_smallest_margin_is_that_to_the_largest_rival():
    over = losscheck.Bounded(0.6)
    one, other = (
        losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=over).bounds([0.35, 0.6, 0.9])
        for loss in (of_smallest_margin, of_largest_rival)
    )
    assert np.allclose(one, other, atol=1e-9)
    assert (one[:, 1] - one[:, 0] < 1e-8).all()
    assert one[0, 1] < 1e-8 < one[1, 0]


def test_a_root_of_softmax_with_capped_scores():
    """Shares found next to the cap are brought among those that capped scores take."""

    def loss(z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        return (1 - rows(e / e.sum(1, keepdims=True), y) ** 0.6) / 0.6

    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=losscheck.Bounded(0.8))
    low, high = bound.bounds([0.35, 0.9]).T
    assert (high - low < 1e-4).all()
    assert losscheck.verify(bound.certificate)
    rng = np.random.default_rng(1)
    z = rng.uniform(-0.8, 0.8, size=(100_000, 3))
    z[::2, 0] = np.minimum(z[::2, 0], z[::2, 1])
    z[::2, 2] = np.minimum(z[::2, 2], z[::2, 1])
    losses = np.stack([loss(z, np.full(len(z), y)) for y in range(3)], axis=1)
    for t, bottom in zip((0.35, 0.9), low, strict=True):
        risks = losses @ [(1 + t) / 2, (1 - t) / 2, 0.0]
        assert risks[z[:, 1] >= z.max(1)].min() - risks.min() > bottom - 1e-2


def test_one_against_the_rest_grows_without_bound_next_to_certainty():
    """Scores fall without bound where a class never occurs; the scores move with their mean."""

    def loss(z, y):
        return np.logaddexp(0, z).sum(1) - rows(z, y)

    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3)
    low, high = bound.bounds([0.35, 0.9]).T
    assert (high - low < 1e-4).all()
    p = 0.95  # at (p, 1 - p, 0): entropies of the two against those of their mean
    upper = 2 * np.log(2) - 2 * (-p * np.log(p) - (1 - p) * np.log(1 - p))
    assert low[1] <= upper + 1e-9
