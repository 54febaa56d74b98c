"""A certified contradiction is never an answer: its findings become errors and the exit code 4."""

from __future__ import annotations

from typing import Any

import pytest

import losscheck
from losscheck import Severity, Verdict
from losscheck.auditing import audit
from losscheck.exit_codes import exit_code
from losscheck.theorem import Theorem


def squared(v: Any) -> Any:
    return (1 - v) ** 2


def test_findings_that_contradict_a_theorem_become_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    false_theorem = Theorem(
        name="convex_is_nonincreasing",
        kinds=frozenset({"margin"}),
        premises=(("convex", True),),
        conclusion=("nonincreasing", True),
        statement="A false theorem, to see what a contradiction does.",
        reference="none",
    )
    monkeypatch.setattr("losscheck.chaining.theorems", lambda: (false_theorem,))
    report = audit(squared, kind="margin", properties=["convex", "nonincreasing", "bounded_below"])
    for name in ("convex", "nonincreasing"):
        assert report[name].verdict is Verdict.ERROR
        assert report[name].severity is Severity.ERROR
        assert "convex_is_nonincreasing" in report[name].message
    assert report["bounded_below"].verdict is Verdict.PROVED
    assert not report.ok
    assert exit_code([report], strict=False) == 4


def test_without_a_contradiction_nothing_changes() -> None:
    report = losscheck.audit(squared, kind="margin", properties=["convex", "nonincreasing", "bounded_below"])
    said = {f.property: f.verdict for f in report.findings}
    assert said == {"convex": Verdict.PROVED, "nonincreasing": Verdict.REFUTED, "bounded_below": Verdict.PROVED}
