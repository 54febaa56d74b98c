r"""Convexity of losses of one softmax probability each, by a condition on the profile alone.

Lemma. Let ``l_y(z) = a_y(s_y)``, s = softmax(alpha z), alpha > 0, with a_y continuous on (0, 1), analytic on pieces
of it, and there

    a' <= 0    and    (1 - 2 s) a' + s (1 - s) a'' >= 0,

and with slopes that do not fall at the cuts. Then every l_y is convex, for any number of classes.

Proof. With ``L = lse(alpha z) - alpha z_y = -log s_y`` and psi(L) = a(exp(-L)), psi' = -s a' >= 0 and psi'' = s a' +
s^2 a''. Along v (times alpha): L'' = Var_s(v) and L' = E_s(v) - v_y, and splitting class y off the others gives
``Var_s(v) >= s_y / (1 - s_y) (E_s(v) - v_y)^2``. So inside the pieces ``psi' L'' + psi'' L'^2 >= (psi' s/(1 - s) +
psi'') L'^2 = s / (1 - s) ((1 - 2 s) a' + s (1 - s) a'') L'^2 >= 0``. Where a line crosses a cut of psi its slope
psi'(L) L' does not fall, as psi' does not (in L). Lines that cross the level sets of the cuts at finitely many points
are dense, and l_y is continuous.

Proof node: ``{"rule": "convex_comp_sum", "alpha": "1", "own": [graph, ...], "breaks": [[...], ...]}``, one entry per
class, or one for all.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.profile import F1, continuous_profile, profiles
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def bowl(case: Case, a: Node, breaks: list[Any]) -> None:
    """Check the condition on one profile."""
    pool, s = case.pool, case.pool.var("s")
    c = continuous_profile(case, a, breaks)
    for i in range(len(c.pieces)):
        one, two = c.derivative(i), c.derivative(i, 2)
        tilt = pool.mul(pool.linear((F1, pool.one), (Fraction(-2), s)), one)
        bend = pool.mul(s, pool.sub(pool.one, s), two)
        expect(c.on(one, i) in "-m0", f"a profile is not shown to fall on piece {i}")
        expect(c.on(pool.add(tilt, bend), i) in "+p0", f"the condition is not shown on piece {i}")
    for i in range(len(c.cuts)):
        expect(c.bend(i) in "+p0", f"a profile is not shown to bend upwards at cut {i}")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the losses and the condition on the profiles."""
    for a, breaks in profiles(case, proof):
        bowl(case, a, breaks)
    return Fact("convex")
