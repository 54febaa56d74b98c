"""T is convex as its formula is: on every piece, with slopes that do not fall from one to the next."""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.rules.h_bound_by_formula import convex
from losscheck.verifier.transform_formula import spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and the formula's second derivatives."""
    fact = checker.premise(proof["formula"], "transform_formula")
    expect(convex(spans(case.pool, fact.value)), "the formula is not shown convex")
    return Fact("transform_convex", True, {"hypotheses": fact.params["hypotheses"]})
