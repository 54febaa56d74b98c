"""Supervised contrast of features that are not negative: its floor, who reaches it, and which batches force a frame.

Kini et al., 2024. With unit rows e >= 0 and s = <e, e> / tau, the loss of a row of a class of n_c is at least
log(n_c - 1 + (n - n_c) e^(-1 / tau)): the mean over its positives j of log sum_l e^(s_l - s_j) is log sum_l e^s_l less
the mean of s_j, the own class adds at least (n_c - 1) e^(mean) (Jensen), every other row at least e^0 (no negative
features), and the mean is at most 1 / tau. Equality wants the positives at the row itself and all others orthogonal.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.studies.facts import collection, get

RNG = np.random.default_rng(43)
START = RNG.bit_generator.state
TAU = 0.5
close = np.testing.assert_allclose
FACTS, fact = collection()


def floor(y):
    """The least loss of each row, for batches where every class is there twice."""
    own = np.array([(y == label).sum() for label in y])
    return np.log(own - 1 + (len(y) - own) * np.exp(-1 / TAU))


def excess(e, y):
    """How far the mean loss of a batch lies above its floor."""
    return (get("supervised_contrastive")(e, y, tau=TAU) - floor(y)).mean()


def unit(e):
    """Rows of length 1."""
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@fact("S120.1")
def _():
    for counts in ((2, 2, 2), (7, 2, 3), (12, 2), (5, 4, 3, 2)):
        y = np.repeat(np.arange(len(counts)), counts)
        frame = np.eye(len(counts) + 1)[y]
        close(excess(frame, y), 0, atol=1e-12)
        for size in (0.02, 0.3, 2.0):
            for _ in range(20):
                moved = unit(np.abs(frame + size * RNG.normal(size=frame.shape)))
                assert excess(moved, y) > 1e-6
        # One class that does not collapse, and two classes that are not orthogonal.
        split, near = frame.copy(), frame.copy()
        split[0] = unit(frame[:1] + np.eye(len(counts) + 1)[-1:])[0]
        near[y == 0] = unit(frame[:1] + 0.1 * frame[-1:])
        assert excess(split, y) > 1e-3
        assert excess(near, y) > 1e-3
    # Without the sign of a ReLU the floor is not one: a simplex lies below it.
    y = np.repeat(np.arange(3), 2)
    assert excess(unit(np.eye(3) - 1 / 3)[y], y) < -0.1


def forced(batches, y):
    """Whether every class is one component of the graph of rows that meet, and all pairs of classes meet."""
    group = np.arange(len(y))
    for batch in batches:
        for i, j in itertools.combinations(batch, 2):
            if y[i] == y[j]:
                group[group == group[j]] = group[i]
    meet = {(y[i], y[j]) for batch in batches for i, j in itertools.product(batch, repeat=2)}
    whole = all(len(set(group[y == label])) == 1 for label in range(3))
    return whole, meet >= set(itertools.permutations(range(3), 2)), group, meet


@fact("S120.2")
def _():
    # Each batch holds two rows or none of each class, so it reaches its floor exactly where its rows of a class agree
    # and its classes are orthogonal: then what holds in all batches is what the graph forces.
    y, seen = np.repeat(np.arange(3), 4), set()
    frame = np.eye(3)[y]
    for _ in range(24):
        chosen = [RNG.permutation(3)[: RNG.integers(2, 4)] for _ in range(RNG.integers(1, 9))]
        batches = [np.concatenate([4 * k + RNG.permutation(4)[:2] for k in classes]) for classes in chosen]
        # Every row in some batch, or it is not seen at all.
        batches += [np.array([4 * k, 4 * k + 1]) + 2 * half for k in range(3) for half in (0, 1)]
        whole, meets, group, met = forced(batches, y)
        seen.add((whole, meets))
        close(sum(excess(frame[batch], y[batch]) for batch in batches), 0, atol=1e-9)
        other = np.eye(12)[group]  # one direction for each component
        if whole and not meets:
            apart = next(pair for pair in itertools.combinations(range(3), 2) if pair not in met)
            other[y == apart[1]] = other[y == apart[0]][:1]
        close(sum(excess(other[batch], y[batch]) for batch in batches), 0, atol=1e-9)
        gram = other @ other.T
        assert np.array_equal(gram, frame @ frame.T) is (whole and meets)
        if whole and meets:  # nothing else reaches the floor
            assert all(
                sum(excess(e[batch], y[batch]) for batch in batches) > 1e-3
                for e in (unit(np.abs(frame + 0.2 * RNG.normal(size=frame.shape))) for _ in range(2))
            )
    assert seen == {(True, True), (True, False), (False, True), (False, False)}


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
