"""Arguments that are distances by name: being near what is right, and far from what is wrong, costs no more."""

from __future__ import annotations

import re

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.preference import DISTANCES, LOSERS, WINNERS
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

RIGHT, WRONG = frozenset({"dp", "ap", "dap"}), frozenset({"dn", "an", "dan"})
NEAR, FAR = 0.2, 3.0


def farther_pays(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that being far from what is right, and near what is wrong, costs less than the opposite, and where.

    Asked of positive numbers named as distances: one (N, K) beside one index per row, the distances to each class; or
    two, of the positive and of the negative of each row (``dp`` and ``dn``, ``pos_dist`` and ``neg_dist``).

    >>> from losscheck.signature import parse
    >>> rises = Trial(lambda dp, dn: np.mean(np.maximum(0, dn - dp + 1)), parse("dp:(N,):positive dn:(N,):positive"))
    >>> farther_pays(rises)[0]
    'near what is right and far from what is wrong costs 3.8, the opposite only 0'
    """
    placed = _to_classes(trial) or _of_pairs(trial)
    if placed is None:
        return None
    right, wrong = placed
    costs = total(trial, right), total(trial, wrong)
    if costs[0] is None or costs[1] is None or costs[0] <= costs[1] + trial.tolerance * max(1.0, abs(costs[1])):
        return None
    fact = f"near what is right and far from what is wrong costs {costs[0]:.6g}, the opposite only {costs[1]:.6g}"
    return fact, right


def _to_classes(trial: Trial) -> tuple[Inputs, Inputs] | None:
    arguments = trial.signature.arguments
    d = next((a for a in arguments if a.domain == "positive" and a.shape[1:] in (("K",), ("C",))), None)
    y = next((a for a in arguments if a.domain.startswith("index")), None)
    if d is None or y is None or len(arguments) != 2 or y.shape != d.shape[:1] or not _words(d) & DISTANCES:
        return None
    x = trial.sample(0)
    true = np.eye(np.shape(x[d.name])[1])[np.asarray(x[y.name])] > 0
    return {**x, d.name: np.where(true, NEAR, FAR)}, {**x, d.name: np.where(true, FAR, NEAR)}


def _of_pairs(trial: Trial) -> tuple[Inputs, Inputs] | None:
    arguments = trial.signature.arguments
    if len(arguments) != 2 or any(a.domain != "positive" or len(a.shape) != 1 for a in arguments):
        return None
    x = trial.sample(0)
    for p, n in (arguments, arguments[::-1]):
        short = bool(_words(p) & RIGHT and _words(n) & WRONG)
        long = bool(_words(p) & WINNERS and _words(n) & LOSERS and _words(p) & DISTANCES and _words(n) & DISTANCES)
        if short or long:
            near, far = (_full(x, p, n, *sizes) for sizes in ((NEAR, FAR), (FAR, NEAR)))
            return near, far
    return None


def _full(x: Inputs, p: Argument, n: Argument, first: float, second: float) -> dict[str, Array]:
    return {**x, p.name: np.full_like(x[p.name], first), n.name: np.full_like(x[n.name], second)}


def _words(argument: Argument) -> set[str]:
    return set(re.findall(r"[a-z]+", argument.name.lower()))
