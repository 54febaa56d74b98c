r"""Losses of several labels that are a sum of one binary loss per label.

Let ``l(z, y) = sum_i h_i(z_i, y_i)`` for all z of R^K and y of {0, 1}^K, K >= 2, every h_i real at every score. Lemma.

1. l is convex, differentiable, bounded below or bounded above iff every h_i is (the other scores held fixed; sums), and
   the sum over all label vectors, ``2^(K-1) sum_i (h_i(z_i, 0) + h_i(z_i, 1))``, is constant iff each of its terms is
   (``symmetric``). It is nonnegative if every h_i is.
2. The conditional risk of a law of y is ``sum_i C_i(z_i)``, C_i the risk of h_i under the marginal eta_i. Its
   minimisers are the products of those of the C_i, so it ``recovers_probability`` iff every h_i does: the product is
   empty iff one of them is, and two products are disjoint iff those of some i are.
3. ``classification_calibrated`` (Hamming loss): if every h_i is calibrated and bounded below, the least risk of scores
   with label i wrong is ``inf over wrong z_i of C_i + sum_{j != i} inf C_j`` with finite infima, more than the sum of
   all of them. If h_i is not, at eta_i, that of the other labels adds the same to both sides (or makes both -inf).
4. The Lipschitz constant is ``sqrt(sum L_i^2)`` in the 2-norm and ``sum L_i`` in the maximum norm (secants of nearly
   the steepest slope exist at every small length), that of the gradient (``smoothness``) the largest of all.

Hypotheses checked: the certificate brings the h_i along; every label vector's loss has the normal form of ``sum_i
h_i(z_i, y_i)``; losses and h_i are shown to be defined at every finite point; the facts of the h_i.

Proof node: ``{"rule": "by_label_parts", "own": [[graph, graph], ...], "proofs": [...], "bounded": null | [...]}`` with
one proof per label, or ``"part": i, "proof": ...`` for one label that fails.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula
from losscheck.verifier.verify import Checker, Fact

KINDS = ("multilabel",)
BOTH_WAYS = (
    "convex", "differentiable", "bounded_below", "bounded_above", "symmetric", "recovers_probability",
    "classification_calibrated",
)  # fmt: skip


def parts(case: Case, own: Any) -> list[Case]:
    """The binary losses h_i as cases of their own; rejects where the loss is not their sum."""
    pool, one = case.pool, case.pool.var("z")
    expect(len(own) == len(case.variables) and all(len(sides) == 2 for sides in own), "two formulas for each label")
    found = [
        replace(
            case, kind="binary", n_classes=None, labels=[0, 1], variables=["z"],
            roots=[formula(case, side, {"z"}) for side in sides],
        )
        for sides in own
    ]  # fmt: skip
    known = broken_nowhere(case) and all(broken_nowhere(part) for part in found)
    expect(known, "the losses are not shown to be defined everywhere")
    for root, label in zip(case.roots, case.labels, strict=True):
        terms = [
            pool.substitute(part.roots[bit], {one: pool.var(x)})
            for part, bit, x in zip(found, label, case.variables, strict=True)
        ]
        expect(same(pool, root, pool.add(*terms)), f"the loss of label {label} is not shown to be the sum of the parts")
    return found


def joined(facts: list[Fact]) -> Fact:
    """The Lipschitz constant of the loss, or of its gradient, from those of its parts."""
    name, params = facts[0].property, facts[0].params
    if any(f.bounds[0] == "inf" for f in facts):
        return Fact(name, params=params, value="inf", bounds=["inf", "inf"])
    ends = [[Fraction(f.bounds[side]) for f in facts] for side in (0, 1)]
    if name == "smoothness":
        low, high = (max(xs) for xs in ends)
    elif params["norm"] == "linf":
        low, high = (sum(xs, Fraction(0)) for xs in ends)
    else:
        roots: list[arb] = [exact(sum((x * x for x in xs), Fraction(0))).sqrt() for xs in ends]
        low, high = fraction(roots[0].lower()), fraction(roots[1].upper())
    value, bounds = enclosed(low, high)
    return Fact(name, params=params, value=value, bounds=bounds)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the decomposition, then the facts of its parts."""
    own = parts(case, proof["own"])
    if "part" in proof:
        expect(type(proof["part"]) is int and 0 <= proof["part"] < len(own), "the part is one of the labels")
        fact = Checker(own[proof["part"]]).fact(proof["proof"])
        expect(fact.property in BOTH_WAYS and not fact.holds, "one label refutes, it does not prove")
        return Fact(fact.property, holds=False, params=fact.params)
    expect(len(proof["proofs"]) == len(own), "one proof for each label")
    facts = [Checker(part).fact(each) for part, each in zip(own, proof["proofs"], strict=True)]
    said = {(f.property, str(f.params)) for f in facts}
    expect(len(said) == 1 and all(f.holds for f in facts), "the labels do not share one property")
    if facts[0].property in ("lipschitz", "smoothness"):
        return joined(facts)
    expect(facts[0].property in (*BOTH_WAYS, "nonnegative"), f"{facts[0].property} is not that of the parts")
    if facts[0].property == "classification_calibrated":
        expect(len(proof["bounded"]) == len(own), "one proof of a bound for each label")
        for part, each in zip(own, proof["bounded"], strict=True):
            Checker(part).premise(each, "bounded_below")
    return Fact(facts[0].property, params=facts[0].params)
