"""A distribution and a score that ranks another class than argmax p / prior first, and that no other score beats.

The lemma of :mod:`losscheck.verifier.rules.calibrated_dual_witness` holds for any class t: if ``C_p(z) <= m`` at a
point where t is not alone on top and ``C_p >= m`` where it is, then the wrong scores reach H(p). Here t is the class
that alone maximises p_i / prior_i.

Proof node: ``{"rule": "balanced_dual_witness", "params": {"prior": [...]}, "prior": ["3/5", ...], "p": [...],
"z": [...], "flows": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.rules.calibrated_dual_witness import as_good, distribution
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Find the class that leads, and compare the risks."""
    params, prior = dict(proof["params"]), [rational(x) for x in proof["prior"]]
    expect(list(params) == ["prior"] and len(params["prior"]) == len(prior), "a prior is asked")
    expect(min(prior) > 0 and all(map(nominal, params["prior"], prior)), "the prior is not that of the question")
    p, _ = distribution(proof["p"], len(case.variables), top=False)
    ratios = [x / a for x, a in zip(p, prior, strict=True)]
    expect(ratios.count(max(ratios)) == 1, "the lead is tied")
    as_good(case, p, ratios.index(max(ratios)), proof)
    return Fact("balanced_calibrated", holds=False, params=params)
