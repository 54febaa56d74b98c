"""A regression loss whose sign or range over its whole domain shows that it is nonnegative or bounded.

Lemma. Every operation of the enclosure holds the values of its node at every point of the region, where the loss is
shown to be a number; a finite end of the root's range is a bound, and signs follow from those of the parts.

Proof node: ``{"rule": "bounded_on_region", "of": "nonnegative" | "bounded_below" | "bounded_above"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.points import defined_everywhere, positives
from losscheck.verifier.regression import region
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the end of the range."""
    value, wanted = region(case.pool, positives(case)), proof["of"]
    expect(defined_everywhere(case.roots[0], value), "the loss is not shown to be defined everywhere")
    if wanted == "nonnegative":
        expect(sign(case.roots[0], value) in "+p0", "the signs of the parts do not show that of the loss")
        return Fact("nonnegative")
    end = {"bounded_below": 0, "bounded_above": 1}[wanted]
    expect(value(case.roots[0])[end].is_finite(), "the range is not bounded on that side")
    return Fact(wanted)
