"""Theorems between properties: premises, each with its own proof, imply a conclusion.

The table is the verifier's own; each row is a lemma without further hypotheses (statements and references stand with
the theorems of the same names). All premises are about the one loss of the certificate, on its whole domain, and,
when refuting, for every choice of its float constants. With ranges of parameters each lemma holds value by value; a
premise that fails is the only premise of its lemma, and fails for some value.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, CertificateRejected, expect
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "soft", "divergence")
PARAMETERS = True

REAL = {"margin"}
PROBABILITY = {"probability", "simplex"}
ALL = {*EACH_LABEL, "soft"}

IMPLICATIONS: dict[str, tuple[set[str], tuple[tuple[str, bool], ...], tuple[str, bool]]] = {
    "strictly_proper_is_proper": (PROBABILITY, (("strictly_proper", True),), ("proper", True)),
    "improper_is_not_strictly_proper": (PROBABILITY, (("proper", False),), ("strictly_proper", False)),
    "nonnegative_is_bounded_below": (ALL, (("nonnegative", True),), ("bounded_below", True)),
    # phi(v) = C - phi(-v)
    "symmetric_and_bounded_below_is_bounded_above": (
        REAL, (("symmetric", True), ("bounded_below", True)), ("bounded_above", True),
    ),
    "symmetric_and_bounded_above_is_bounded_below": (
        REAL, (("symmetric", True), ("bounded_above", True)), ("bounded_below", True),
    ),
    "symmetric_does_not_recover_probability": (REAL, (("symmetric", True),), ("recovers_probability", False)),
    # a convex function on all of R that is bounded above is constant
    "convex_and_bounded_above_is_nonincreasing": (
        REAL, (("convex", True), ("bounded_above", True)), ("nonincreasing", True),
    ),
    "convex_and_bounded_above_is_bounded_below": (
        REAL, (("convex", True), ("bounded_above", True)), ("bounded_below", True),
    ),
    # d(a, a) <= 2 d(a, a) and d(a, a) <= d(a, b) + d(b, a) = 2 d(a, b)
    "symmetric_and_triangle_is_nonnegative": (
        {"divergence"}, (("symmetric_arguments", True), ("triangle_inequality", True)), ("nonnegative", True),
    ),
}  # fmt: skip


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises of a theorem and return its conclusion."""
    name = proof["theorem"]
    if name not in IMPLICATIONS:
        raise CertificateRejected(f"unknown theorem {str(name)[:60]!r}")
    kinds, premises, (conclusion, holds) = IMPLICATIONS[name]
    expect(case.kind in kinds, f"{name} is not about losses of kind {case.kind}")
    given = proof["premises"]
    expect(isinstance(given, list) and len(given) == len(premises), f"{name} has {len(premises)} premises")
    for sub, (wanted, value) in zip(given, premises, strict=True):
        expect(not checker.premise(sub, wanted, value).params, f"a premise of {name} has parameters")
    return Fact(conclusion, holds)
