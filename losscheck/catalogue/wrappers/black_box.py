"""Black-box proper losses: losses of samples, audited through their expectation (Agarwal, Frongillo et al., 2024).

A loss L(x_1, ..., x_m; y) of m independent samples of the model q and one sample y of the truth has the expectation
sum_x q_x1 ... q_xm L(x; y), a polynomial of degree m in q. L is black-box proper exactly when that polynomial is a
proper loss of q; cross-entropy is no polynomial, so no fixed number of samples gives it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label
from losscheck.catalogue.wrappers.wrapped import outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _Expected:
    sampled: Callable[[tuple[int, ...], int], float]
    samples: int

    def __call__(self, p: Any, y: Any) -> Any:
        xp = array_namespace(p)
        classes = range(p.shape[1])
        columns = []
        for label in classes:
            total = 0 * p[:, 0]
            for draw in itertools.product(classes, repeat=self.samples):
                cost = self.sampled(draw, label)
                if cost:
                    chance = p[:, draw[0]]
                    for outcome in draw[1:]:
                        chance = chance * p[:, outcome]
                    total = total + cost * chance
            columns.append(total)
        return at_label(xp.stack(columns, axis=1), y)


def squared_sample_loss(draw: tuple[int, ...], label: int) -> float:
    """1[x1 = x2] - 1[x1 = y] - 1[x2 = y]: its expectation is |q|^2 - 2 q_y, the Brier score less a constant.

    >>> squared_sample_loss((0, 0), 1)
    1
    """
    first, second = draw
    return (first == second) - (first == label) - (second == label)


def expected_loss(sampled: Callable[[tuple[int, ...], int], float], samples: int) -> Loss:
    """Return the expectation of a loss of samples as a loss of kind simplex: audit it for ``proper``.

    ``sampled(draw, label)`` is the loss of a tuple of ``samples`` classes drawn from the model, and the true class.

    Raises
    ------
    ValueError
        When samples is below 1.

    >>> expected_loss(squared_sample_loss, 2).kind
    'simplex'
    """
    if samples < 1:
        raise ValueError(f"samples={samples!r}; give at least one")
    name = getattr(sampled, "__name__", type(sampled).__name__)
    return outer_loss(_Expected(sampled, samples), f"expected_loss({name}, {samples})", "simplex")
