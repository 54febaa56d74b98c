r"""Gradients in the scores add up to 0, because the loss depends on differences of scores only.

If ``l(z + c 1, y) = l(z, y)`` for all z and c (premise ``shift_invariant``), the derivative along the vector of ones is
0 at every point where l is differentiable: ``sum_k dl/dz_k = 0``. Of several rows, to which one vector is added, it is
the sum of the gradients of all rows.

Proof node: ``{"rule": "gradient_sums_to_zero", "premise": proof}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits", "embedding")
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise."""
    checker.premise(proof["premise"], "shift_invariant")
    return Fact("gradient_sums_to_zero")
