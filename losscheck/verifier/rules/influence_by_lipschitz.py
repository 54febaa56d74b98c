"""Bounded influence: a loss with a finite Lipschitz constant in yhat has slopes no steeper than that."""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the Lipschitz constant is finite."""
    found = checker.premise(proof["lipschitz"], "lipschitz")
    expect(found.value != "inf" and "inf" not in found.bounds, "the Lipschitz constant is infinite")
    return Fact("bounded_influence")
