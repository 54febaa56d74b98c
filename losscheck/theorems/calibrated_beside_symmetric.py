"""Active-passive sums: a normalised loss beside one of the label's probability (``calibrated_beside_symmetric``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, scale
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.theorems.refuted_by_ray import guess, spread
from losscheck.verdict import Outcome

MOST_TERMS, MOST_CLASSES = 6, 5
Points = dict[str, np.ndarray]


def groups(terms: dict[Expr, Fraction]) -> Iterator[dict[Expr, Fraction]]:
    """Proper parts of a sum, the smallest first."""
    for size in range(1, len(terms)):
        for some in combinations(terms, size):
            yield {t: terms[t] for t in some}


def total(terms: dict[Expr, Fraction], c0: Fraction = Fraction(0)) -> Expr:
    """The sum of the terms."""
    return add(const(c0), *(scale(c, t) for t, c in terms.items()))


def split(roots: list[Expr], names: tuple[str, ...], alpha: Fraction, points: Points) -> list[list[Expr]]:
    """Pairs ``[phi, a_0, a_1, ...]``: a group of terms of every loss is the same function of its probability."""
    forms = [affine(root) for root in roots]
    c0, first = forms[0]
    if len(first) > MOST_TERMS or any(c != c0 for c, _ in forms):
        return []
    shares = np.exp(float(alpha) * np.array([points[x] for x in names]))
    shares /= shares.sum(axis=0)
    found = []
    for group in groups(first):
        phi = read(on_curve(names, 0, alpha), total(group, c0), ["s"])
        if phi is None:
            continue
        rest: list[Expr] = []
        for (_, terms), s in zip(forms, shares, strict=True):
            (want,) = evaluate([phi], {"s": s})
            for own in groups(terms):
                if np.allclose(evaluate([total(own, c0)], points)[0], want, rtol=1e-9, atol=1e-12):
                    rest.append(spread(total({t: c for t, c in terms.items() if t not in own})))
                    break
        if len(rest) == len(roots):
            found.append([phi, *rest])
    return found


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration of such a sum, or return None."""
    names = lifted.variables
    if len(names) > MOST_CLASSES or lifted.kind != "logits":
        return None
    points = dict(zip(names, np.random.default_rng(0).normal(size=(len(names), 12)), strict=True))
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        for alpha in scales(roots):
            for phi, *parts in split(roots, names, alpha, points):
                sums = np.sum(evaluate(parts, points), axis=0)
                c = guess(float(sums[0])) if np.ptp(sums) < 1e-9 else None
                if c is None:
                    continue
                proof = {
                    "rule": "calibrated_beside_symmetric", "alpha": q(alpha), "own": graph_json([phi]), "sum": q(c),
                    "losses": [graph_json([a]) for a in parts],
                }  # fmt: skip
                message = (
                    f"The loss is {phi}, s = softmax(z)_y, plus losses that add up to {c}; the best scores of "
                    "both give the least likely class up and put the most likely one on top."
                )
                found = prove(lifted, "classification_calibrated", proof, message=message)
                if found:
                    return found
    return None
