r"""A distribution at which wrong scores are best, for losses ``l_y(z) = a_y(s_y)``, ``s = softmax(alpha z + b)``.

So: comp-sum losses with class weights (the a_y differ) or adjusted logits (b is not constant), convex in z or not.

Lemma. Let the a_y be convex on (0, 1), p a distribution with the unique top class t, alpha > 0. For any points c_y in
(0, 1) at which a_y has a derivative, ``C_p(z) >= A(s) = sum_y p_y (a_y(c_y) + a_y'(c_y) (s_y - c_y))`` at every z. A
correct z, with ``z_t > z_j`` for all j != t, has ``s_j <= r_j s_t`` with ``r_j = exp(b_j - b_t)``. These s form a
polytope whose vertices are, for each set J of other classes, ``s_t = 1 / (1 + sum_J r_j)``, ``s_j = r_j s_t`` in J and
0 outside; A is affine, so at least its least value m at them. If a wrong z (``z_j = max z``, j != t) has
``C_p(z) <= m`` then the infimum over wrong scores is H(p): the loss is not calibrated. Classes with p_y = 0 count for
nothing.

Hypotheses checked: the identities, with b constant and alpha a positive rational; each a_y continuous, with slopes that
do not fall, on pieces and across them; c_y inside a piece; m and C_p(z) in balls.

Proof node: ``{"rule": "calibrated_tangent_witness", "alpha": "1", "shift": [graph, ...], "own": [graph, ...],
"breaks": [[...], ...], "p": [...], "z": [...], "tangents": [c_0, ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure, ball, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.profile import convex_profile
from losscheck.verifier.rules.calibrated_dual_witness import distribution, is_wrong
from losscheck.verifier.softmax import formula, replace
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def tangent(case: Case, a: Node, hints: list[Any], at: Fraction) -> tuple[arb, arb]:
    """Check that a is convex on (0, 1); its value and slope at a point inside a piece."""
    c = convex_profile(case, a, hints)
    places = [0 if cut.high < at else 1 if at < cut.low else None for cut in c.cuts]
    expect(0 < at < 1 and None not in places, "a tangent touches at an end or a cut")
    i = places.count(0)
    here = Enclosure({"s": point(at)})
    return ball(here(c.pieces[i].node)), ball(here(c.derivative(i)))


def lowest(
    p: list[Fraction], lines: list[tuple[arb, arb] | None], at: list[Fraction], t: int, r: list[arb]
) -> list[arb]:
    """The values of the affine minorant at the vertices of the correct set."""
    found = []
    for inside in product((0, 1), repeat=len(p)):
        if not inside[t]:
            continue
        share = 1 / sum((r[j] for j, on in enumerate(inside) if on), arb(0))
        s = [r[j] * share * on for j, on in enumerate(inside)]
        terms = (exact(w) * (v[0] + v[1] * (x - exact(c))) for w, v, x, c in zip(p, lines, s, at, strict=True) if v)
        found.append(sum(terms, arb(0)))
    return found


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form, the minorant and the wrong point."""
    pool, names, k = case.pool, case.variables, len(case.variables)
    expect(case.kind == "logits" and broken_nowhere(case) and k <= 8, "the rule is about logits of at most 8 classes")
    alpha, z, at = rational(proof["alpha"]), *([rational(x) for x in proof[key]] for key in ("z", "tangents"))
    expect(alpha > 0 and len(z) == len(at) == k, "alpha is positive; z and tangents have one entry for each class")
    p, t = distribution(proof["p"], k)
    expect(is_wrong(z, t), "the point is not wrong for this distribution")
    shift = [formula(case, b, set()) for b in proof["shift"]]
    own = [formula(case, a, {"s"}) for a in proof["own"]]
    expect(len(shift) == len(own) == len(proof["breaks"]) == k, "one shift, profile and list of breaks for each class")
    seen = [pool.add(pool.scale(alpha, pool.var(x)), b) for x, b in zip(names, shift, strict=True)]
    for y, root in enumerate(case.roots):
        gaps = sorted((pool.sub(other, seen[y]) for other in seen), key=lambda n: n.id)
        s = pool.exp(pool.scale(-1, pool.make("lse", None, tuple(gaps))))
        expect(vanishes(pool, pool.sub(root, replace(case, own[y], {"s": s}))), "a loss is not the claimed function")
    lines = [tangent(case, own[y], proof["breaks"][y], at[y]) if p[y] else None for y in range(k)]
    ratios = [ball(Enclosure({})(pool.exp(pool.sub(b, shift[t])))) for b in shift]
    total = pool.linear(*((w, root) for w, root in zip(p, case.roots, strict=True) if w))
    risk = ball(Enclosure({x: point(c) for x, c in zip(names, z, strict=True)})(total))
    expect(all(risk <= m for m in lowest(p, lines, at, t, ratios)), "a correct score may be better")
    return Fact("classification_calibrated", holds=False)
