"""Theorems: the two tables agree, chaining concludes, and a contradiction is seen."""

from __future__ import annotations

import pytest

from losscheck.chaining import contradictions
from losscheck.theorem import theorems
from losscheck.verifier.rules.implication import IMPLICATIONS


def test_prover_and_verifier_know_the_same_theorems() -> None:
    declared = {t.name: (set(t.kinds), t.premises, t.conclusion) for t in theorems()}
    assert declared == IMPLICATIONS


@pytest.mark.parametrize("theorem", theorems(), ids=lambda t: t.name)
def test_a_theorem_says_where_it_is_from(theorem: object) -> None:
    assert theorem.statement.endswith(".")  # type: ignore[attr-defined]
    assert theorem.reference  # type: ignore[attr-defined]


def test_a_certified_contradiction_is_seen() -> None:
    facts = {"strictly_proper": True, "proper": False, "convex": True}
    names = {theorem.name for theorem, _ in contradictions("simplex", facts)}
    assert names == {"strictly_proper_is_proper", "improper_is_not_strictly_proper"}
    assert contradictions("simplex", {"strictly_proper": True, "proper": True}) == []
    assert contradictions("simplex", {"strictly_proper": True}) == []
    assert contradictions("margin", facts) == []
