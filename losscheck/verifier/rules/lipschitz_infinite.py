"""A loss of scores whose slope along a line grows without bound: not Lipschitz.

Lemma. If ``d/dt l(a + b t, y)`` tends to +inf or -inf as t goes to infinity along a line, no Lipschitz constant exists,
in any norm. If its second derivative in t does, the gradient has none: no constant of smoothness exists.

Proof node: ``{"rule": "lipschitz_infinite", "norm": ..., "label": i, "path": [[a, b], ...], "reach": "10"}``, the norm
null for the gradient.
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
    norm = proof["norm"]
    expect(case.domain == "real" and norm in ("l2", "linf", None), "norm is l2, linf or none, scores are real")
    reach = rational(proof["reach"])
    f, t = line(case, proof["label"], proof["path"], reach, None)
    c = curve(case.pool, f, t, reach, None, [])
    slope = c.derivative(0, 1 if norm else 2)
    expect(isinstance(c.end(slope, True), int), "no infinite slope is shown along the line")
    if norm is None:
        return Fact("smoothness", value="inf", bounds=["inf", "inf"])
    return Fact("lipschitz", params={"norm": norm}, value="inf", bounds=["inf", "inf"])
