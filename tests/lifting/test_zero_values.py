"""Losses that are exactly 0 for one label: a logarithm of 1 is 0 in every library, so the points count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.enclosure import monotone
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Mismatch


def pairs(z: Any, y: Any) -> Any:
    """LSEP: no pair, no loss."""
    both = y[:, :, None] * (1 - y)[:, None, :]
    return np.log1p(np.sum(both * np.exp(z[:, None, :] - z[:, :, None]), axis=(1, 2)))


def positives(z: Any, y: Any) -> Any:
    return np.log(1 + np.sum(y * np.exp(-z), axis=1))


def rounded(z: Any, y: Any) -> Any:
    """Not 0 but for what rounding leaves: nothing to compare."""
    return np.log1p(y[:, 0] * np.exp(z[:, 0])) + (z[:, 1] * 0.1 * 3 - z[:, 1] * 0.3)


@pytest.mark.parametrize("loss", [pairs, positives], ids=lambda f: str(f.__name__))
def test_labels_of_which_nothing_is_asked(loss: Any) -> None:
    lifted = lift(loss, kind="multilabel", n_classes=2)
    assert lifted.roots[0].op == "const"
    assert lifted.roots[0].value == 0


def test_what_rounding_leaves_does_not_count() -> None:
    with pytest.raises(Mismatch, match="at only"):
        lift(rounded, kind="multilabel", n_classes=2)


def test_only_at_its_zero() -> None:
    read = monotone(np.log1p, zero=0.0)
    low, high = read((np.array([0.0, -1e-3, 0.0, 1e-300]), np.array([0.0, 0.0, 1e-3, 1e-300])))
    assert (low[0], high[0]) == (0, 0)
    assert low[1] < np.log1p(-1e-3)
    assert high[1] == 0 == low[2]
    assert low[3] < 1e-300 < high[3]
