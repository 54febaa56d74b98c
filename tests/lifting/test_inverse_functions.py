"""Inverse circular and hyperbolic functions in NumPy and torch lift to the same graph, which agrees with the code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from losscheck.lifting.lifting import lift

NAMES = ("arcsin", "arccos", "arcsinh", "arctanh", "arccosh")


def inside(xp: Any, name: str) -> Any:
    """A loss whose argument of the function stays in its domain for every score."""
    scale = {"arccosh": lambda v: 1 + v**2, "arcsinh": lambda v: v}.get(name, xp.tanh)
    return lambda v: getattr(xp, name)(scale(v))


@pytest.mark.parametrize("name", NAMES)
def test_both_libraries_give_one_graph(name: str) -> None:
    one, two = (lift(inside(xp, name), kind="margin") for xp in (np, torch))
    assert one.roots == two.roots
    assert one.points > 100


def test_the_ends_of_the_domain() -> None:
    loss = lift(lambda p, y: np.where(y == 1, np.arccos(np.sqrt(p)), np.arcsin(np.sqrt(p))), kind="probability")
    assert loss.points > 50
