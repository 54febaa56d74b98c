"""Slopes of a regression loss that diverge along a line of the domain (rule ``steep_along``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.regression_profile import is_positive

Line = tuple[tuple[int, int], tuple[int, int]]
LINES: list[Line] = [
    ((0, 1), (1, 0)), ((0, 2), (1, 0)), ((1, 0), (0, 1)), ((2, 0), (0, 1)), ((0, 1), (0, 2)), ((0, 2), (0, 1)),
    ((0, 1), (0, 0)), ((0, 0), (0, 1)), ((0, -1), (0, 0)), ((0, 0), (0, -1)), ((0, -1), (1, 0)), ((1, 0), (0, -1)),
    ((1, 1), (1, 0)), ((1, -1), (1, 0)), ((1, 1), (0, 1)), ((0, 1), (1, 1)),
]  # fmt: skip
"""``(a, b), (c, d)``: yhat = a + b t, y = c + d t."""


def steep(lifted: Lifted, head: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Proofs for the lines along which the slope seems to diverge, with their words."""
    (root,) = chosen(lifted.roots, choices(lifted.roots)[0])
    slope = derivative(root, "yhat")
    up = [is_positive(lifted, name) for name in ("yhat", "y")]
    for place, where, yhat, y in lines(up):
        size = np.abs(evaluate([slope], {"yhat": yhat, "y": y})[0])
        if not np.all(np.isfinite(size)) or size[2] > 1.2 * size[1] > 1.44 * size[0] or size[2] > 100 * size[0]:
            yield {"rule": "steep_along", **head, **place}, where


def lines(up: list[bool]) -> Iterator[tuple[dict[str, Any], str, np.ndarray, np.ndarray]]:
    """``(place, words, yhat, y)``: lines of the domain for a proof, and three points along each."""
    for far in (True, False):
        t = np.array([1e4, 1e8, 1e16]) if far else np.array([1e-4, 1e-8, 1e-16])
        for (a, b), (c, d) in LINES:
            ends = [s + e * np.array([8.0, 1e9] if far else [1e-9, 0.125]) for s, e in ((a, b), (c, d))]
            if any(positive and (x <= 0).any() for positive, x in zip(up, ends, strict=True)):
                continue
            path = [[str(a), str(b)], [str(c), str(d)]]
            where = f"yhat = {a} + {b} t, y = {c} + {d} t as t goes to {'infinity' if far else '0'}"
            yield {"path": path, "far": far, "reach": "8" if far else "1/8"}, where, a + b * t, c + d * t
