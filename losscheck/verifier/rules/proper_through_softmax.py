"""Scores of softmax(z) that are strictly proper on the closed simplex: they recover p, and are (top-k) calibrated.

Lemma. Let ``l_y(z) = L_y(softmax(z))`` with L_y of class C1 on (a neighbourhood of) the closed simplex, with gradients
g_y, and for all s of the simplex
(1) ``sum_y s_y g_y(s) . d = 0`` for every d of sum 0;
(2) ``d . G(s) d < 0`` for every d != 0 of sum 0, where G has the rows g_y.
Then p is the only minimiser of ``C_p(s) = sum_y p_y L_y(s)`` over the closed simplex, for every p. So every minimising
sequence has softmax(z_n) -> p, and no sequence of scores with another class on top (or a tie) is one: calibrated.

Proof. For s != p let d = p - s. The derivative of C_p at s towards p is ``sum_y p_y g_y.d = sum_y (p_y - s_y) g_y.d
= d.G d < 0`` by (1), so s is no minimiser; C_p is continuous on a compact set and has one. A limit point of
softmax(z_n) minimises C_p (the interior is dense), so it is p; if always z_j = max z for a j != t, its top class is not
t alone, and if always z_i <= z_j, then not p_i > p_j.

(2) is checked by the leading minors of ``-(G + G')/2`` in the basis e_i - e_{K-1}, positive on boxes that cover the
simplex, on which all expressions stay finite.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import Box, cover, sign
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import smooth
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.verify import Checker, Fact

F0, F1 = Fraction(0), Fraction(1)


def determinant(pool: Pool, m: list[list[Node]]) -> Node:
    """A small determinant by the Leibniz formula."""
    size, terms = len(m), []
    for order in permutations(range(size)):
        odd = sum(order[i] > order[j] for j in range(size) for i in range(j)) % 2
        terms.append((-F1 if odd else F1, pool.mul(*(m[i][j] for i, j in enumerate(order)))))
    return pool.linear(*terms)


def acceptor(names: list[str], finite: list[Node], positive: list[Node]) -> Callable[[Box], bool]:
    """Accept boxes of the first K - 1 probabilities outside the simplex, or on which the checks hold."""

    def accept(box: Box) -> bool:
        lows = sum((a for a, _ in box.values() if a is not None), F0)
        highs = sum((b for _, b in box.values() if b is not None), F0)
        if lows > 1:
            return True
        ranges = {x: (point(a)[0], point(b)[1]) for x, (a, b) in box.items() if a is not None and b is not None}
        last = point(max(F0, 1 - highs))[0], point(1 - lows)[1]
        try:
            value = Enclosure({**ranges, names[-1]: last})
            ends = [end for n in finite for end in value(n)]
            return all(e.is_finite() for e in ends) and all(sign(n, value) == "+" for n in positive)
        except Undefined:
            return False

    return accept


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every hypothesis; the proof chooses which of the conclusions it wants."""
    pool, k = case.pool, len(case.variables)
    expect(case.kind == "logits" and k <= 5, "the rule is about at most 5 logits")
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    names = [f"s{i}" for i in range(k)]
    scores = [formula(case, text, set(names)) for text in proof["scores"]]
    expect(len(scores) == k and all(smooth(n) for n in scores), "one smooth score for each class")
    at = dict(zip(names, softmax(case, F1), strict=True))
    for root, score in zip(case.roots, scores, strict=True):
        expect(vanishes(pool, pool.sub(root, replace(case, score, at))), "a loss is not its score of softmax(z)")
    slopes = [
        [pool.sub(pool.differentiate(n, x), pool.differentiate(n, names[-1])) for x in names[:-1]] for n in scores
    ]
    for i in range(k - 1):
        total = pool.add(*(pool.mul(pool.var(x), slopes[y][i]) for y, x in enumerate(names)))
        expect(vanishes(pool, total, simplex=names), "the score is not shown stationary at the truth")
    half = Fraction(-1, 2)
    form = [[pool.sub(slopes[i][j], slopes[k - 1][j]) for j in range(k - 1)] for i in range(k - 1)]
    bent = [[pool.scale(half, pool.add(form[i][j], form[j][i])) for j in range(k - 1)] for i in range(k - 1)]
    minors = [determinant(pool, [row[:n] for row in bent[:n]]) for n in range(1, k)]
    finite = walk(*scores, *(n for row in slopes for n in row))
    cover(acceptor(names, finite, minors), dict.fromkeys(names[:-1], (F0, F1)), budget=6000)
    if proof["property"] == "classification_calibrated":
        return Fact("classification_calibrated", True)
    if proof["property"] == "topk_calibrated":
        expect(type(proof["k"]) is int and 1 <= proof["k"] < k, "k is a number of classes below K")
        return Fact("topk_calibrated", True, {"k": proof["k"]})
    return Fact("recovers_probability", True, {"link": "softmax"})
