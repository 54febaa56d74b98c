"""The degree of homogeneity of a regression loss: an identity, or two points that no degree fits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.regression_profile import in_floats, is_positive, of_domain
from losscheck.verdict import Outcome

PLACES = [
    (Fraction(a), Fraction(b))
    for a, b in (
        (2, 1),
        (1, 3),
        ("1/2", "5/2"),
        (5, 2),
        (-1, 2),
        (3, -1),
        ("1/8", "1/4"),
        (12, 5),
        (1, 1),
        (0, 3),
        (2, 0),
    )
]


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove the degree, or that there is none; else None."""
    signs = [is_positive(lifted, name) for name in ("yhat", "y")]
    places = [p for p in PLACES if all(x > 0 or not up for x, up in zip(p, signs, strict=True))]
    places = [p for p in places if of_domain(lifted, p[1])]
    a, b = (np.array([float(p[i]) for p in places]) for i in (0, 1))
    value, twice = in_floats(lifted, a, b), in_floats(lifted, 2 * a, 2 * b)
    known = np.isfinite(value) & np.isfinite(twice)
    ratios = np.where(known & (value != 0), twice / np.where(value == 0, 1, value), np.nan)
    usable = [i for i in range(len(places)) if np.isfinite(ratios[i])]
    if not usable:
        return None
    first = usable[0]
    if ratios[first] > 0:
        k = Fraction(float(np.log2(ratios[first]))).limit_denominator(1000)
        proof = {"rule": "homogeneous_by_identity", "degree": q(k), "at": [q(x) for x in places[first]]}
        message = f"l(c yhat, c y) = c^{k} l(yhat, y) for all c > 0."
        if found := prove(lifted, "homogeneous_degree", proof, message=message):
            return found
    ends = [[q(x) for x in places[i]] for i in range(len(places)) if known[i]]
    with np.errstate(all="ignore"):
        gap = np.abs(np.outer(twice, value) - np.outer(value, twice)) / (1e-12 + np.outer(np.abs(value), np.abs(value)))
    gap = np.where(np.isfinite(gap), gap, 0)[np.ix_(known, known)]
    i, j = np.unravel_index(int(np.argmax(gap)), gap.shape)
    proof = {"rule": "homogeneous_of_no_degree", "c": "2", "a": ends[i], "b": ends[j]}
    message = (
        f"No degree fits: doubling both arguments multiplies the loss by different factors at ({', '.join(ends[i])}) "
        f"and at ({', '.join(ends[j])})."
    )
    return prove(lifted, "homogeneous_degree", proof, message=message, robust=True)
