r"""A normalised loss beside a loss of the label's probability that likes certain reports: active-passive sums.

Lemma. Let ``l_y = a_y + phi(s_y)`` with ``s = softmax(alpha z)``, alpha > 0, and
(A) every ``a_y >= 0`` and ``sum_y a_y = c``, so that ``sum p_y a_y >= c min p`` for every p;
(B) phi continuous on [0, 1] with ``delta = phi(0) - phi(1) > 0`` and ``phi(s) >= phi(0) - delta s`` (its chord);
(C) for all classes t != k: on the path ``z_t = x, z_k = -x^2``, other scores 0, ``a_y -> 0`` for every y != k.
Then the loss is calibrated.

Proof. Let p have the unique top class t, let k be a least likely class (k != t) and q the largest of the other
probabilities. On the path of (C) ``a_k -> c`` and ``s -> e_t``, so ``H(p) <= c min p + phi(0) - delta p_t``. Where some
j != t has ``z_j = max z``, ``s_t <= s_j`` gives ``s_t <= 1/2`` and ``sum p_y s_y <= p_t s_t + q (1 - s_t) <= (p_t +
q)/2``, so by (A) and (B) the risk there is at least ``H(p) + delta (p_t - q)/2``. (Ma et al. 2020, Normalized loss
functions for deep learning with noisy labels, propose such sums; NCE alone is not calibrated for K >= 3.)

Proof node: ``{"rule": "calibrated_beside_symmetric", "alpha": "1", "own": graph of phi(s), "sum": c, "losses": [graph
of a_y, ...]}``; every a_y is written so that its sign shows.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

from losscheck.verifier.balls import INF, NINF, Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import implies, is_zero_ball, sign
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import constant_sign, finite_at
from losscheck.verifier.points import broken_nowhere, defined_everywhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

F0, F1 = Fraction(0), Fraction(1)


def above_its_chord(case: Case, phi: Node) -> None:
    """Check (B)."""
    pool, s = case.pool, case.pool.var("s")
    expect(analytic_on(pool, phi, "s", F0, F1), "phi is not shown to be smooth on (0, 1)")
    expect(finite_at(phi, "s", F0) and finite_at(phi, "s", F1), "phi is not shown to be finite at 0 and 1")
    ends = [pool.substitute(phi, {s: pool.const(x)}) for x in (F0, F1)]
    delta = pool.sub(*ends)
    expect(constant_sign(pool, delta) == "+", "phi does not fall from 0 to 1")
    above = pool.add(pool.sub(phi, ends[0]), pool.mul(delta, s))
    expect(vanishes(pool, above) or interval_sign(pool, above, "s", F0, F1) in "+p0", "phi is below its chord")


def leaves_one(case: Case, parts: list[Node]) -> None:
    """Check (C)."""
    pool, x = case.pool, case.pool.var("x")
    for t, k in permutations(range(len(parts)), 2):
        scores = {t: x, k: pool.scale(-1, pool.power(x, Fraction(2)))}
        path = {name: scores.get(i, pool.zero) for i, name in enumerate(case.variables)}
        for y, part in enumerate(parts):
            limit = end_limit(pool, replace(case, part, path), "x", None, -1) if y != k else None
            zero = limit is not None and limit[0] == "finite" and is_zero_ball(limit[1])  # type: ignore[arg-type]
            expect(y == k or zero, f"a loss of class {y} is not shown to vanish where class {k} is given up")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the two parts of every loss."""
    pool, names, c = case.pool, case.variables, rational(proof["sum"])
    expect(case.kind == "logits" and broken_nowhere(case), "the rule is about logits, defined everywhere")
    alpha, phi = rational(proof["alpha"]), formula(case, proof["own"], {"s"})
    expect(alpha > 0, "alpha must be positive")
    parts = [formula(case, text, set(names)) for text in proof["losses"]]
    everywhere = Enclosure(dict.fromkeys(names, (NINF, INF)))
    for root, a, s in zip(case.roots, parts, softmax(case, alpha), strict=True):
        whole = pool.add(a, replace(case, phi, {"s": s}))
        expect(vanishes(pool, pool.sub(root, whole)), "a loss is not the sum of its parts")
        expect(defined_everywhere(a, everywhere), "a part may not be defined")
        expect(implies(sign(a, everywhere), ">="), "a part is not shown to be non-negative")
    expect(vanishes(pool, pool.sub(pool.add(*parts), pool.const(c))), "the parts do not add up to the constant")
    above_its_chord(case, phi)
    leaves_one(case, parts)
    return Fact("classification_calibrated")
