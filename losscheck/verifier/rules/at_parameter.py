r"""One value of the parameters refutes a claim about every value.

If the loss with parameters at one point of the intervals does not have the property, then not every value gives it. The
inner proof is about the graph with these rationals in place of the parameters, a loss without parameters, and must
refute.

Proof node: ``{"rule": "at_parameter", "values": {"gamma": "2"}, "proof": {...}}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.parameters import at
from losscheck.verifier.vanished import nothing_vanished
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

PARAMETERS = True
KINDS = (*EACH_LABEL, "soft", "regression", "divergence", "set", "map")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the value and the refutation there."""
    said = proof["values"]
    expect(isinstance(said, dict) and said.keys() == case.parameters.keys(), "one value for each parameter")
    values = {name: rational(x) for name, x in said.items()}
    expect(all(low <= values[name] <= high for name, (low, high) in case.parameters.items()), "a value lies outside")
    here = at(case, values)
    nothing_vanished(here)
    inner = Checker(here)
    inner.steps = checker.steps
    found = inner.fact(proof["proof"])
    checker.steps = inner.steps
    expect(not found.holds, "the property holds at this value")
    return Fact(found.property, False, found.params)
