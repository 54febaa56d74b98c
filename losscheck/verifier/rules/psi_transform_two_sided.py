"""The psi-transform of a loss of two classes: bounds of the biconjugate of T by lines below T.

With N and P as in ``h_transform_two_sided`` over all scores, ``T(theta) = N - min(N, P)`` at ``eta = (1 + theta)/2``;
psi is the largest convex function on [-1, 1] below T(|theta|). Above, psi <= T, and psi lies below the chords of T: for
``a <= theta <= b`` at most the mean of T(a) and T(b) with weights ``b - theta`` and ``theta - a``. Below, a line
``c + s theta``, s >= 0, that stays below T on [0, 1] stays below it on [-1, 1], so psi(theta) >= c + s theta; and 0 is
such a line.

Lemma. N is concave in theta, and ``min(N, P) <= r_x``, the risk at any one x >= 0, which is affine in theta. So on
a cell [a, b] of thetas ``T(theta) - c - s theta >= N(theta) - r_x(theta) - c - s theta``, concave, is nonnegative if it
is at both ends; and T >= 0 needs no x at all.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from losscheck.verifier.balls import ZERO, Enclosure, Range, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import difference, mixture, positive_part
from losscheck.verifier.rules.h_transform_two_sided import infima
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")


def risk(case: Case, f: Node, g: Node, theta: Fraction, x: Fraction) -> Range:
    """Range of the conditional risk at the right score x."""
    mix = mixture(case.pool, ((1 + theta) / 2, (1 - theta) / 2), (f, g))
    return Enclosure({})(exactly(case.pool, mix, {"x": x}))


def line(case: Case, f: Node, g: Node, ends: list[Fraction], wrong: list[Range], theta: Fraction, part: Any) -> arb:
    """A lower bound of psi at theta from a slope and one score per cell (None where 0 is bound enough)."""
    slope = rational(part["slope"])
    expect(slope >= 0 and len(part["cells"]) == len(ends) - 1, "a slope >= 0 and a score per cell")
    lowest: arb | None = None
    for i, (text, cell) in enumerate(zip(part["cells"], pairwise(ends), strict=True)):
        for j, at in enumerate(cell):
            base = (ZERO, ZERO)
            if text is not None:
                x = rational(text)
                expect(x >= 0, "a score on the right side is >= 0")
                base = difference(wrong[i + j], risk(case, f, g, at, x))
            gap = difference(base, point(slope * at))[0]
            lowest = gap if lowest is None or gap < lowest else lowest
    assert lowest is not None
    return (lowest + exact(slope * theta)).lower()


def chord(theta: Fraction, ends: list[Fraction], above: list[arb]) -> arb:
    """An upper bound of psi at theta from upper bounds of T at two ends around it."""
    a, b = ends
    expect(0 <= a <= theta <= b <= 1 and a < b, "a chord spans its theta")
    weight = (b - theta) / (b - a)
    return exact(weight) * above[0] + exact(1 - weight) * above[1]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Bound psi at every theta from both sides."""
    thetas, ends = asked(proof["theta"]), [rational(x) for x in proof["ends"]]
    expect(ends[0] == 0 and ends[-1] == 1 and all(a < b for a, b in pairwise(ends)), "the cells run from 0 to 1")
    f, g, _ = two_sided(case, hypotheses("All"))
    n, m = len(thetas), len(ends)
    chords = [[rational(x) for x in pair] for pair in proof["chords"]]
    spanned = [x for pair in chords for x in pair]
    expect(len(chords) in (0, n) and all(len(pair) == 2 for pair in chords), "a chord for each theta, or none")
    up = [(1 + t) / 2 for t in thetas] + [(1 - t) / 2 for t in [*thetas, *ends]]
    up += [(1 + t) / 2 for t in spanned] + [(1 - t) / 2 for t in spanned]
    found = infima(case, f, g, None, up, proof["infima"], proof["breaks"])
    right, wrong = found[2 * n + m :][: len(spanned)], found[2 * n + m :][len(spanned) :]
    above = [positive_part(difference(w, r))[1] for r, w in zip(right, wrong, strict=True)]
    bounds = []
    for i, theta in enumerate(thetas):
        low = line(case, f, g, ends, found[2 * n : 2 * n + m], theta, proof["lines"][i])
        high = positive_part(difference(found[n + i], found[i]))[1]
        if chords:
            over = chord(theta, chords[i], above[2 * i : 2 * i + 2]).upper()
            high = over if over < high else high
        bounds.append((low if low > 0 else ZERO, high))
    return transform_fact("psi_transform", proof, bounds, "theta")
