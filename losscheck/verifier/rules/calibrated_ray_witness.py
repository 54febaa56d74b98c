"""The risk reaches its infimum at infinity, on a ray of wrong scores: not calibrated.

Lemma. Let p have the unique top class t, and let the points z0 + x d be wrong for all large x (some class other than t
has the largest ``(d_j, z0_j)``, in that order; ties are wrong). If ``C_p(z0 + x d) -> v <= H(p)``, or -> -inf, then the
infimum over the wrong set is H(p). The bound H(p) >= v comes from one of
- sum: ``sum_y l_y = c`` and l_y >= 0 by the signs of its terms (the certificate may rewrite l_y), so
  ``C_p >= c min p``;
- excess: ``C_p = v + E`` as an identity with E >= 0 by the signs of its terms;
- flows: an affine minorant of C_p of slope 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import INF, NINF, Enclosure, exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import implies, is_zero_ball, sign
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.minorant import minorant
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.softmax import formula, replace
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted


def bounded(case: Case, p: list[Fraction], total: Node, v: Fraction, proof: dict[str, Any]) -> None:
    """Check ``C_p >= v`` everywhere."""
    pool, names = case.pool, case.variables
    everywhere = Enclosure(dict.fromkeys(names, (NINF, INF)))
    if "sum" in proof:
        c = rational(proof["sum"])
        expect(
            vanishes(pool, pool.sub(pool.add(*case.roots), pool.const(c))), "the losses do not add up to the constant"
        )
        forms = [formula(case, text, set(names)) for text in proof["losses"]]
        equal = all(vanishes(pool, pool.sub(a, b)) for a, b in zip(case.roots, forms, strict=True))
        signs = equal and all(implies(sign(form, everywhere), ">=") for form in forms)
        expect(all(defined_everywhere(form, everywhere) for form in forms), "a rewritten loss may not be defined")
        expect(signs and c * min(p) >= v, "the losses are not shown non-negative with the right sum")
    elif "excess" in proof:
        excess = formula(case, proof["excess"], set(names))
        expect(
            vanishes(pool, pool.linear((Fraction(1), total), (-v, pool.one), (Fraction(-1), excess))),
            "C_p is not v + E",
        )
        expect(implies(sign(excess, everywhere), ">="), "the excess is not shown non-negative")
        expect(defined_everywhere(excess, everywhere), "the excess may not be defined where the loss is")
    else:
        weights: dict[Node, Fraction] = {}
        for root, w in zip(case.roots, p, strict=True):
            weights[root] = weights.get(root, Fraction(0)) + w
        low = minorant(weights, proof["flows"], names)
        expect(not any(low.slopes.values()) and low.total >= exact(v), "the minorant is below v")


def minimising(
    case: Case, p: list[Fraction], way: list[Fraction], start: list[Fraction], proof: dict[str, Any]
) -> None:
    """Check that C_p tends to its infimum along ``start + x way``."""
    pool = case.pool
    total = weighted(case, list(zip(p, case.roots, strict=True)))
    x = pool.var("x")
    ends = zip(case.variables, way, start, strict=True)
    ray = {name: pool.linear((b, pool.one), (a, x)) for name, a, b in ends}
    v = rational(proof["value"])
    limit = end_limit(pool, pool.sub(replace(case, total, ray), pool.const(v)), "x", None, -1)
    if limit != ("inf", -1):
        expect(limit is not None and isinstance(limit[1], arb) and is_zero_ball(limit[1]), f"the limit is not {v}")
        bounded(case, p, total, v, proof)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the ray is wrong, its limit, and the bound."""
    names = case.variables
    expect(case.kind == "logits", "the rule is about logits")
    p, t = distribution(proof["p"], len(names))
    start, way = ([rational(x) for x in proof[key]] for key in ("z", "direction"))
    far = list(zip(way, start, strict=True))
    expect(len(far) == len(names) and any(x == max(far) for j, x in enumerate(far) if j != t), "the ray is not wrong")
    minimising(case, p, way, start, proof)
    return Fact("classification_calibrated", False)
