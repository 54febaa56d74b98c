"""H-consistency over all scores from calibration, or from its failure.

Two classes: to every t there is one conditional distribution, up to the names of the classes, and calibration says of
each eta != 1/2 that the least wrong risk exceeds the least risk. A failure, of any number of classes: at some
distribution with a unique top class 0 the least risk over the scores that have another class among the largest is the
least of all; for one c of these classes some scores that predict c approach it, with zero-one regret ``p_0 - p_c > 0``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise."""
    holds = not case.refuting
    checker.premise(proof["premise"], "classification_calibrated", holds)
    expect(not holds or case.kind != "logits", "calibration does not speak of tied top classes")
    return Fact("h_consistent", holds, {"hypotheses": "All"})
