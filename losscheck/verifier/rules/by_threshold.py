r"""Fenchel-Young losses of Tsallis entropies (sparsemax, 1.5-entmax) and their maps, by a threshold on sorted scores.

Hypotheses checked on every face of R^K (verifier/threshold_faces.py), for a natural q, rationals ``a, c > 0``, rational
smoothing ``0 <= e < 1`` of the labels, ``m_y = (1 - e) e_y + e/K 1``: with ``z = a (T 1 + x)``, ``sum max(x_i, 0)^q =
1`` and ``p(z) = max(x, 0)^q``, a map is p, or a loss is

    l_y(z) = c (A(z) - m_y.z) + k_y,   A = a T + a/(q+1) sum max(x_i, 0)^(q+1),   k_y rational.

Lemma. Put ``G(u) = a/(q+1) max(u/a, 0)^(q+1)``. ``t + sum G(z_i - t)`` is convex in (t, z) and has its only minimum in
t where ``sum G'(z_i - t) = 1``, at ``t = a T``; so A is its least value, convex, and differentiable with the continuous
gradient p(z) in the simplex. By duality A is the conjugate of ``W(p) = a q/(q+1) sum p_i^(1+1/q)`` on the simplex,
whose second derivatives are at least ``d = a/q`` on (0, 1]. Hence:

1. l is convex and differentiable, l(z + s 1) = l(z), its gradients ``c (p(z) - m_y)`` add up to 0, and renaming classes
   renames losses iff the k_y are equal. p(z) = e_j where z_j leads by a, so the Lipschitz constant is ``c |e_j - m_y|``
   with j != y, in the dual norm (a convex function of p is largest at a vertex, and here at e_j). l grows along e_j:
   it is not bounded above.
2. ``A(z) - m.z >= -W(m)``, for m in the simplex: bounded below. ``W(m) <= W(e_y) = a q/(q+1)`` (W is convex and
   symmetric): nonnegative if every ``k_y >= c a q/(q+1)``.
3. The law p of y asks for ``p' = (1 - e) p + e/K 1``, of the same order. The regret of z at p is
   ``c (A(z) + W(p') - p'.z) >= (c d/2) |p(z) - p'|^2`` (W is d-strongly convex, p(z) maximises ``p.z - W(p)``). Let z
   have ``z_i <= z_j`` where ``p_i > p_j``: then ``p_i(z) <= p_j(z)``, so ``|p(z) - p'|^2 >= (p'_i - p'_j)^2 / 2``:
   a gap. Calibrated, for the top k of every p without a tie there too.
4. Where p is interior the minimising sequences have ``p(z_n) -> p'``, so ``z_n = a p'^(1/q) + s_n 1 + o(1)``: if
   softmax(z_n) -> p for every p, ``log(p_1/p_2) <= a`` always, which is false: softmax does not recover p.
5. The losses add up to ``c (K A(z) - sum z) + sum k``: from ``sum k - c a q/(q+1) K^(1-1/q)``, at z = 0 (K times the
   least risk at the uniform law), to +infinity, along e_1: no constant.
6. p maps onto the simplex, keeps the order of the scores, follows renamed classes and ignores shifts; as the continuous
   gradient of a convex function it has a symmetric positive semidefinite Jacobian wherever it is differentiable.

Proof node: ``{"rule": "by_threshold", "q": 2, "a": "2", "c": "1", "e": "0", "shows": "convex", "params": {}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.threshold import readings
from losscheck.verifier.threshold_faces import MOST_CLASSES, Face, as_fmpq, faces
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits", "map")
MAPS = frozenset(
    {"simplex_valued", "order_preserving", "shift_invariant", "permutation_equivariant", "jacobian_symmetric_psd"}
)
ALWAYS = frozenset(
    {
        "convex", "differentiable", "shift_invariant", "gradient_sums_to_zero", "bounded_below",
        "classification_calibrated",
    }
)  # fmt: skip
NEVER: dict[str, dict[str, Any]] = {
    "bounded_above": {}, "symmetric": {}, "recovers_probability": {"link": "softmax"},
}  # fmt: skip


def offsets(case: Case, q: int, a: Fraction, c: Fraction, e: Fraction) -> list[Fraction]:
    """The k_y, when the roots are shown to be of this form on every face; those of a map are 0."""
    found: list[Fraction | None] = [None] * len(case.roots)
    scale, own, all_of = (as_fmpq(x) for x in (c * a, 1 - e, e / len(case.variables)))
    for places, above, at_zero in faces(len(case.variables)):
        face = Face(case.variables, a, q, places, above, at_zero)
        mean = face.over(q + 1) * fmpq(1, q + 1)
        even = all_of * sum(face.x, face.zero)
        losses = [scale * (mean - own * x - even) for x in face.x]
        maps = [x**q if inside else face.zero for x, inside in zip(face.x, face.inside, strict=True)]
        for values in readings(face, case.roots):
            for y, (value, meant) in enumerate(zip(values, maps if case.kind == "map" else losses, strict=True)):
                expect(value.under is None, f"root {y} keeps a root of a polynomial")
                k = face.constant(value.plain - meant)
                if k is None or (case.kind == "map" and k != 0):
                    raise CertificateRejected(f"root {y} is not of this form on a face")
                rest = Fraction(int(k.p), int(k.q))
                expect(found[y] in (None, rest), f"root {y} has another offset on another face")
                found[y] = rest
    return [k for k in found if k is not None]


def lipschitz(norm: str, classes: int, c: Fraction, e: Fraction) -> Fact:
    """``c |e_j - m_y|`` in the dual norm."""
    share = e / classes
    expect(norm in ("l2", "linf"), "norm is l2 or linf")
    square = (1 - share) ** 2 + (1 - e + share) ** 2 + (classes - 2) * share**2
    size = exact(c * c * square).sqrt() if norm == "l2" else exact(2 * c * (1 - share))
    value, bounds = enclosed(fraction(size.lower()), fraction(size.upper()))
    return Fact("lipschitz", params={"norm": norm}, value=value, bounds=bounds)


def class_sum(classes: int, q: int, a: Fraction, c: Fraction, k: list[Fraction]) -> Fact:
    """From the value at z = 0 to infinity."""
    least = exact(sum(k)) - exact(c * a * Fraction(q * classes, q + 1)) / exact(classes).root(q)
    value, bounds = enclosed(fraction(least.lower()), fraction(least.upper()))
    return Fact("class_sum_bounds", value=[value, "inf"], bounds=[bounds, ["inf", "inf"]])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the losses, then read off what it implies."""
    q, n = proof["q"], len(case.variables)
    a, c, e = (rational(proof[x]) for x in "ace")
    expect(type(q) is int and 1 <= q <= 4 and a > 0 and c > 0, "q is a natural number up to 4, a and c are positive")
    expect(0 <= e < 1, "labels are smoothed by less than all")
    expect(case.domain == "real" and not case.parameters, "scores are real, and there are no parameters")
    expect(n <= MOST_CLASSES, "too many faces")
    k = offsets(case, q, a, c, e)
    expect(len(k) == n, "there is one root for each class")
    shows, params = proof["shows"], proof.get("params", {})
    if case.kind == "map":
        expect(shows in MAPS, f"{str(shows)[:40]!r} is not shown of a map")
        return Fact(shows)
    if shows in NEVER:
        return Fact(shows, False, NEVER[shows])
    if shows == "lipschitz":
        return lipschitz(params["norm"], n, c, e)
    if shows == "class_sum_bounds":
        return class_sum(n, q, a, c, k)
    if shows == "topk_calibrated":
        expect(set(params) == {"k"} and type(params["k"]) is int and 1 <= params["k"] < n, "k is from 1 to K - 1")
        return Fact(shows, params=params)
    if shows == "gradient_identity":
        expect(c == 1 and not e, "the gradient is a multiple of a map minus the label")
        return Fact(shows, params={"map": None})
    if shows == "nonnegative":
        expect(min(k) >= c * a * Fraction(q, q + 1), "a loss may be below 0 where its class leads")
    elif shows == "permutation_equivariant":
        expect(len(set(k)) == 1, "the offsets of two labels differ")
    else:
        expect(shows in ALWAYS, f"{str(shows)[:40]!r} is not shown by this rule")
    return Fact(shows)
