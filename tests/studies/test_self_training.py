"""Losses on a model's own predictions: where they are least."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue

RNG = np.random.default_rng(18)


def test_flipped_cross_entropy_is_least_at_a_corner():
    q = np.array([[0.5, 0.3, 0.2]])
    corner, teacher = np.array([[60.0, 0.0, 0.0]]), np.log(q)
    loss = catalogue["flipped_cross_entropy"]
    assert loss(corner, q)[0] < loss(teacher, q)[0]
    everywhere = loss(RNG.normal(size=(500, 3)) * 4, np.repeat(q, 500, 0))
    assert everywhere.min() >= loss(corner, q)[0]


def test_the_own_label_never_outweighs_the_teacher():
    z, t = RNG.normal(size=(2, 500, 4)) * 2
    own, taught = (catalogue["cross_entropy"](z, x.argmax(axis=1)) for x in (z, t))
    loss = catalogue["adaptive_confidence"](z, t)
    weight = np.divide(loss - taught, own - taught, out=np.full(500, 0.5), where=own < taught - 1e-9)
    assert (own <= taught).all()
    assert (weight > 0).all()
    assert (weight <= 0.5 + 1e-12).all()


def test_the_own_term_falls_as_scores_saturate():
    z = np.array([[2.0, 1.0, 0.0]])
    values = [catalogue["adaptive_confidence"](scale * z, z)[0] for scale in (1, 2, 4, 8)]
    assert (np.diff(values) < 0).all()
