r"""Which cap of scores is worst for the logarithmic loss of softmax, for any number of classes: the least.

``l_y = - c log softmax(alpha z)_y`` plus a constant, c > 0, scores in [-A, A]. Let ``C_A(p)`` be the least risk at p
over the scores in the cube, ``R_A(p)`` that over those that predict class 1, F_A = R_A - C_A.

Lemma. F_A(p) does not decrease in A, so that the least A gives the least T. Proof, with c = alpha = 1. The risk, lse(z)
minus p.z, is convex. By its stationarity C_A(p) is attained where s = softmax(z) has ``s_i = min(max(p_i, L), U)`` with
``U = e^(2A) L``, L from ``sum s = 1``: a score inside the cap has gradient s_i - p_i = 0. The derivative of C_A(p) in A
is the one along z/A, -D_A(p) with ``D_A(p) = sum |s_i - p_i|``: at the cap z_i has the sign of p_i - s_i. As s and p
have the same sum, D_A is twice ``sum (p_i - U)^+ = sum (L - p_i)^+``; the first falls with L, the second rises, and
both are convex symmetric functions of p, so that the value where they meet is at least as large for p as for any q that
p majorizes.

Let q be p with class 1 and the set J of those above the mean of p over J and 1 replaced by that mean. Where z_1 is
largest, ``p.z = q.z + sum over J of (p_j - mean)(z_j - z_1) <= q.z``, with equality where C_A(q) is attained, which is
among the scores that predict 1. So R_A(p) = C_A(q), p majorizes q, and the derivative of F_A is ``D_A(p) - D_A(q) >=
0``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum
from losscheck.verifier.identity import vanishes


def least_cap_is_worst(case: Case, proof: Any) -> None:
    """Check that the loss is a positive multiple of the logarithm of softmax, up to a constant."""
    phi, pool = comp_sum(case, proof), case.pool
    slope = pool.differentiate(phi, "s")
    flow = pool.mul(pool.var("s"), slope)
    expect(vanishes(pool, pool.differentiate(flow, "s")), "the loss is not shown to be a logarithm of softmax")
    expect(Enclosure({"s": point(Fraction(1, 2))})(slope)[1] < 0, "the logarithm is not shown to fall")
