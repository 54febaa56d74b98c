"""The risk reaches its infimum at infinity, on a ray of scores whose top k classes are wrong: not top-k calibrated.

Lemma. Let the k largest entries of p be those in T, strictly, and let the points z0 + x d have ``z_i <= z_j`` for some
i in T and j outside for all large x (compare ``(d, z0)`` in that order; ties are wrong). If ``C_p(z0 + x d) -> v <=
H(p)``, or -> -inf, then the infimum over the wrong set is H(p). The bound is shown as in
:mod:`losscheck.verifier.rules.calibrated_ray_witness`.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.rules.calibrated_ray_witness import minimising
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the ray is wrong, its limit, and the bound."""
    n, k = len(case.variables), proof["k"]
    expect(case.kind == "logits" and type(k) is int and 1 <= k < n, "k is a number of classes below K")
    p, _ = distribution(proof["p"], n, top=False)
    top = sorted(range(n), key=lambda i: -p[i])[:k]
    rest = [j for j in range(n) if j not in top]
    expect(min(p[i] for i in top) > max(p[j] for j in rest), "the k-th place is tied")
    start, way = ([rational(x) for x in proof[key]] for key in ("z", "direction"))
    expect(len(start) == len(way) == n, "a ray has one number per class")
    far = list(zip(way, start, strict=True))
    expect(min(far[i] for i in top) <= max(far[j] for j in rest), "the ray is not wrong")
    minimising(case, p, way, start, proof)
    return Fact("topk_calibrated", holds=False, params={"k": k})
