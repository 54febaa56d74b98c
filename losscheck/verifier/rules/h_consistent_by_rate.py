"""T is at least ``c t^r`` on all of [0, 1], c > 0 (property ``growth_rate``), so that T(t) > 0 for every t > 0."""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise."""
    fact = checker.premise(proof["premise"], "growth_rate")
    return Fact("h_consistent", True, {"hypotheses": fact.params["hypotheses"]})
