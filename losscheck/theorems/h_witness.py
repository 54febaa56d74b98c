"""At which conditional distribution the upper bound of a transform's certificate is taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.regret_cells import distribution


def filled(t: Fraction, k: int) -> list[Fraction]:
    """The distribution of regret t whose largest probability is least, the others as uneven as it allows."""
    top = max(t, (1 + t) / k)
    p, left = [top, top - t], 1 - 2 * top + t
    for _ in range(k - 2):
        p.append(min(top, left))
        left -= p[-1]
    return p


def witness(proof: dict[str, Any], t: Fraction, k: int) -> list[Fraction]:
    """The distribution, top class first, predicted class second.

    >>> [str(x) for x in filled(Fraction(1, 5), 3)]
    ['2/5', '1/5', '2/5']
    """
    rule = proof["rule"]
    if rule == "h_transform_cells":
        rest = proof["parts"][0]["rest"]
        return distribution(t, tuple(Fraction(x) for x in rest))
    if rule in ("h_transform_max", "h_transform_concave"):
        return filled(t, k)
    return [(1 + t) / 2, (1 - t) / 2, *[Fraction(0)] * (k - 2)]
