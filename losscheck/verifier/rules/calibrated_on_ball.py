r"""Losses of scores that are divided by their length first: calibrated, though the scores stay in a ball.

Lemma. Let ``l_y(x) = phi(softmax(u)_y)`` with ``u = alpha x / n(x)``, alpha > 0, where for some eps > 0 the length n is
``sqrt(|x|^2 + eps)``, ``|x| + eps`` or ``max(|x|, eps)``, and let phi be analytic on (0, 1) with ``phi' < 0`` there.
Then the loss is calibrated, whatever the number of classes.

Proof. ``|x| / n(x)`` is continuous, does not fall with ``|x|`` and tends to 1 (or reaches it): the u fill the open or
the closed ball of radius alpha, and have the order of the x. On the closed ball B the shares s = softmax(u) stay in a
compact part of (0, 1)^K, so C_p is C1 there. Take wrong scores whose risks tend to the infimum over the wrong set, with
u -> u* in B; let t be the unique top class of p and ``u*_j = max u*``, j != t. If ``u*_j > u*_t``, swapping t and j
changes C_p by ``(p_t - p_j) (phi(s_j) - phi(s_t)) < 0`` and stays in B. If ``u*_j = u*_t``, then ``s_t = s_j = v``, and
``u* + d (e_t - e_j)``, scaled back into B, which is a change of order d^2, changes C_p by ``(p_t - p_j) phi'(v) v d``
up to terms of that order: less than 0 for small d > 0. Either way B, hence its interior by continuity, has a point of
lower risk than the infimum over the wrong set. (Wei et al. 2022, Mitigating neural network overconfidence with logit
normalization; Wang et al. 2017, NormFace.)

Proof node: ``{"rule": "calibrated_on_ball", "alpha": "25", "length": "root", "eps": "1/10000000", "own": graph of
phi(s)}``; ``length`` is "root", "sum" or "max".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

F0, F1, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def inverse_lengths(case: Case, kind: str, eps: Fraction) -> list[Node]:
    """``1 / n(x)``, in every order in which its parts may be written."""
    pool = case.pool
    square = pool.add(*(pool.power(pool.var(x), Fraction(2)) for x in case.variables))
    length, guard = pool.power(square, HALF), pool.const(eps)
    if kind == "root":
        return [pool.power(pool.add(square, guard), -HALF)]
    if kind == "sum":
        return [pool.power(pool.add(length, guard), -F1)]
    expect(kind == "max", "the length is root, sum or max")
    return [pool.power(pool.build("max", None, pair), -F1) for pair in ((length, guard), (guard, length))]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the slope of phi."""
    pool = case.pool
    expect(case.kind == "logits" and broken_nowhere(case), "the rule is about logits, defined everywhere")
    alpha, eps, phi = rational(proof["alpha"]), rational(proof["eps"]), formula(case, proof["own"], {"s"})
    expect(alpha > 0 and eps > 0, "alpha and eps must be positive")
    expect(analytic_on(pool, phi, "s", F0, F1), "phi is not shown to be smooth on (0, 1)")
    slope = pool.differentiate(phi, "s")
    expect(interval_sign(pool, slope, "s", F0, F1) == "-", "phi is not shown to fall on (0, 1)")
    scales = inverse_lengths(case, proof["length"], eps)
    own, moved = ({x: pool.var(f"{mark}{x}") for x in case.variables} for mark in ("", "u."))
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        inner = pool.substitute(root, {pool.mul(scale, own[x]): moved[x] for x in own for scale in scales})
        expect(not any(n in own.values() for n in walk(inner)), "a loss depends on more than the scaled scores")
        score = pool.substitute(inner, {moved[x]: own[x] for x in own})
        expect(vanishes(pool, pool.sub(score, replace(case, phi, {"s": s}))), "a loss is not the function of softmax")
    return Fact("classification_calibrated")
