"""Multilabel losses: their sign, and convexity in the scores by midpoints: the theory is not asked of the kind."""

import numpy as np
import pytest

from losscheck.catalogue import entries

MULTILABEL = [made for made in entries().values() if made.kind == "multilabel" and made.studies]


def points(seed):
    rng = np.random.default_rng(seed)
    scale = rng.choice([0.3, 2.0, 9.0], size=(4000, 1))
    first, second = rng.normal(size=(2, 4000, 3)) * scale
    return first, second, rng.integers(0, 2, size=(4000, 3))


@pytest.mark.parametrize("made", MULTILABEL, ids=lambda made: made.name)
def test_the_studies_of_an_entry(made):
    said = {study.statement for study in made.studies}
    first, second, y = points(1)
    ends = made.loss(first, y), made.loss(second, y)
    above = made.loss((first + second) / 2, y) - (ends[0] + ends[1]) / 2
    room = 1e-9 * (1 + np.abs(ends[0]) + np.abs(ends[1]))
    if "convex in z" in said:
        assert (above <= room).all()
    if "not convex in z" in said:
        assert (above > 1e3 * room).any()
    if "nonnegative" in said:
        assert min(ends[0].min(), ends[1].min()) >= 0
    if "not nonnegative" in said:
        assert min(ends[0].min(), ends[1].min()) < 0
    assert said <= {"convex in z", "not convex in z", "nonnegative", "not nonnegative"}
