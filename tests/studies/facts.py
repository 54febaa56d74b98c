"""What the tests of small claims share: a table of facts by the number of their claim, and slopes by differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.catalogue import find
from losscheck.loss import Loss

Fact = Callable[[], None]


def collection() -> tuple[dict[str, Fact], Callable[[str], Callable[[Fact], Fact]]]:
    """An empty table, and the decorator that puts a function into it under the number of a claim."""
    facts: dict[str, Fact] = {}

    def fact(name: str) -> Callable[[Fact], Fact]:
        def keep(function: Fact) -> Fact:
            assert name not in facts
            facts[name] = function
            return function

        return keep

    return facts, fact


def get(name: str) -> Loss:
    """A loss of the catalogue with its default parameters."""
    return find(name).loss


def slopes(loss: Callable[..., Any], z: Any, *rest: Any, step: float = 1e-6, **params: Any) -> Any:
    """The gradient in the rows of ``z``, by central differences."""
    moves = step * np.eye(z.shape[1])
    return np.stack([(loss(z + e, *rest, **params) - loss(z - e, *rest, **params)) / (2 * step) for e in moves], axis=1)
