"""Facts of ``l_y(z) = a(z_y) + sum_{j != y} b(z_j)`` from those of a and b, functions of one score each.

Lemma. Scores are independent of each other, so over all scores

- the least Lipschitz constant is ``sqrt(A^2 + (K - 1) B^2)`` in the 2-norm, ``A + (K - 1) B`` for the maximum norm of
  scores, A and B those of a and b: by Cauchy and Schwarz (the triangle inequality) it is no larger, and steps along
  which a and b both nearly attain theirs reach it. It is infinite if A or B is.
- the losses of all classes add up to ``sum_j g(z_j)``, ``g = a + (K - 1) b``, with the infimum K inf g and the supremum
  K sup g: those of ``K a + K (K - 1) b``, the sum of the two losses ``K a`` and ``K (K - 1) b`` of one score.

Checked: the identities, the losses defined at every score; the facts of the functions of one score by their own proofs.

Proof node: ``{"rule": "by_score_parts", "ask": "lipschitz", "norm": "l2", "a": graph, "b": graph, "own": proof,
"other": proof}`` or ``{..., "ask": "class_sum_bounds", "sum": proof}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.separable import alone, halves
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def constant(case: Case, n: Node, proof: Any, norm: str) -> tuple[Fraction, Fraction] | None:
    """Bounds of the Lipschitz constant of a function of one score, None when it is infinite."""
    fact = Checker(alone(case, n)).premise(proof, "lipschitz")
    expect(fact.params == {"norm": norm}, "the constant is of another norm")
    low, high = fact.bounds
    return None if low == "inf" else (Fraction(low), Fraction(high))


def joined(first: Fraction, second: Fraction, others: int, norm: str, side: int) -> Fraction:
    """``sqrt(a^2 + n b^2)`` or ``a + n b``, rounded outward to the side."""
    if norm == "linf":
        return first + others * second
    square = first**2 + others * second**2
    root = exact(square).sqrt()
    return fraction(root.upper() if side > 0 else root.lower())


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the facts of its functions."""
    pool, k, ask = case.pool, len(case.variables), proof["ask"]
    a, b = halves(case, proof)
    if ask == "class_sum_bounds":
        one = alone(case, pool.scale(k, a), pool.scale(k * (k - 1), b))
        return Checker(one).premise(proof["sum"], "class_sum_bounds")
    expect(ask == "lipschitz", "the parts speak of lipschitz or class_sum_bounds")
    norm = proof["norm"]
    expect(norm in ("l2", "linf"), "norm is l2 or linf")
    if "other" not in proof or "own" not in proof:  # one infinite constant is enough
        endless = (a, proof["own"]) if "own" in proof else (b, proof["other"])
        expect(constant(case, *endless, norm) is None, "the constant of one part is not that of the loss")
        return Fact("lipschitz", params={"norm": norm}, value="inf", bounds=["inf", "inf"])
    own, other = constant(case, a, proof["own"], norm), constant(case, b, proof["other"], norm)
    if own is None or other is None:
        return Fact("lipschitz", params={"norm": norm}, value="inf", bounds=["inf", "inf"])
    low, high = (joined(own[i], other[i], k - 1, norm, side) for i, side in ((0, -1), (1, 1)))
    value, bounds = enclosed(low, high)
    return Fact("lipschitz", params={"norm": norm}, value=value, bounds=bounds)
