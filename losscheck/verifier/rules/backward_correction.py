r"""Backward correction of class-conditional noise: the loss whose noisy expectation is the clean loss.

Noise turns label y into j with probability ``T[y][j]``. A corrected loss m is unbiased if ``sum_j T[y][j] m_j = l_y``.

- ``inverse``: if T is invertible, ``m = T^-1 l`` is unbiased (Natarajan et al. 2013; Patrini et al. 2017).
- ``lost``: if ``a' T = 0`` and ``sum_y a_y l_y`` is not 0 at some score, no m is: ``a' l = a' T m = 0``.

Proof node: ``{"rule": "backward_correction", "params": {"transition": ...}, "transition": [[...]], "inverse":
[[...]]}`` or ``{..., "lost": [...], "at": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.corrections import asked, invertible, lost
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the inverse, or that there is no correction."""
    params, rows = dict(proof["params"]), asked(case, proof)
    if "inverse" in proof:
        expect(invertible(rows, proof["inverse"]), "the inverse is not that of the transition")
        return Fact("backward_unbiased", params=params)
    losses = list(two_sides(case)[::-1]) if case.kind == "margin" else case.roots
    at = rational_point(case, proof["at"])
    for loss in losses:
        value_range(case, loss, at)
    parts = zip(lost(rows, proof["lost"]), losses, strict=True)
    total = case.pool.linear(*((c, exactly(case.pool, loss, at)) for c, loss in parts))
    expect(constant_sign(case.pool, total) in "+-", "the losses satisfy the relation at the point")
    return Fact("backward_unbiased", holds=False, params=params)
