"""A minimising ray along which softmax(z) tends to something else than p.

Lemma. If C_p tends to its infimum along ``z = x d``, x -> inf (the bound as in ``calibrated_ray_witness``), then these
scores are a minimising sequence. Their softmax is uniform when all d_i are equal, else it tends to the boundary of the
simplex; if that is not the interior p, softmax does not recover p.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.rules.calibrated_ray_witness import minimising
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the ray and where its softmax goes."""
    k = len(case.variables)
    expect(case.kind == "logits", "the rule is about logits")
    p, _ = distribution(proof["p"], k, top=False)
    way = [rational(x) for x in proof["direction"]]
    expect(len(way) == k and min(p) > 0, "p must be interior")
    expect(len(set(way)) > 1 or len(set(p)) > 1, "softmax is uniform along the ray, and so is p")
    minimising(case, p, way, [Fraction(0)] * k, proof)
    return Fact("recovers_probability", False, {"link": "softmax"})
