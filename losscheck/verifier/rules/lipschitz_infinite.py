"""A loss of scores whose slope along a line grows without bound: not Lipschitz.

Lemma. If ``d/dt l(a + b t, y)`` tends to +inf or -inf as t goes to infinity along a line, no Lipschitz constant exists,
in any norm.

Proof node: ``{"rule": "lipschitz_infinite", "norm": ..., "label": i, "path": [[a, b], ...], "reach": "10"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import line
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "embedding")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the line and the infinite limit of the slope."""
    expect(case.domain == "real" and proof["norm"] in ("l2", "linf"), "norm is l2 or linf, scores are real")
    f, t = line(case, proof["label"], proof["path"])
    c = curve(case.pool, f, t, rational(proof["reach"]), None, [])
    expect(isinstance(c.end(c.derivative(0), True), int), "no infinite slope is shown along the line")
    return Fact("lipschitz", params={"norm": proof["norm"]}, value="inf", bounds=["inf", "inf"])
