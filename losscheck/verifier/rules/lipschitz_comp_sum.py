r"""Least Lipschitz constant of ``l_y(z) = phi(s_y)``, ``s = softmax(alpha z)``, from one function of one variable.

Lemma. ``grad l_y = alpha phi'(s_y) s_y (e_y - s)``. For s_y = s fixed, the other probabilities sum to 1 - s, so
``|e_y - s|_1 = 2 (1 - s)`` and ``|e_y - s|_2`` has supremum ``sqrt(2) (1 - s)``, approached where one other class takes
all the rest (attained for two classes). With ``h(s) = alpha phi'(s) s (1 - s)`` on (0, 1), phi continuous and smooth
between finitely many cuts, the constant is ``2 sup |h|`` for norm "linf" and ``sqrt(2) sup |h|`` for "l2"; both are
suprema, so a limit of h at 0 or 1 counts. It is infinite when h is unbounded or phi jumps.

Checked: the identity of every loss with phi(softmax), the cuts and continuity of phi, ``|h| <= upper`` on every piece,
and a value or limit of |h| within 1e-7 of it.

Proof node: ``{"rule": "lipschitz_comp_sum", "norm": ..., "alpha": "1", "phi": graph, "breaks": [...],
"upper": "1" | null, "where": {"index": 0, "end": "left"} | {"index": 0, "point": "1/2"}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.rules.slope_by_pieces import limit_at_end, place_value
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def slope(c: Curve, i: int, alpha: Fraction) -> Node:
    """``h(s) = alpha phi'(s) s (1 - s)`` on piece i."""
    s = c.pool.var("s")
    return c.pool.scale(alpha, c.pool.mul(c.derivative(i), s, c.pool.sub(c.pool.one, s)))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the supremum of h."""
    expect(case.kind == "logits", "the rule is about logits")
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    norm, alpha, where = proof["norm"], rational(proof["alpha"]), proof["where"]
    expect(norm in ("l2", "linf") and alpha > 0, "norm is l2 or linf, alpha positive")
    phi = formula(case, proof["phi"], {"s"})
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        expect(same(case.pool, root, replace(case, phi, {"s": s})), "a loss is not phi(softmax)")
    c = curve(case.pool, phi, "s", Fraction(0), Fraction(1), proof["breaks"])
    i, params = where["index"], {"norm": norm}
    expect(type(i) is int and 0 <= i < len(c.pieces), "no such piece")
    if proof["upper"] is None:
        if where.get("cut") is True:
            expect(bool(set(c.step(i)) & {"+", "-"}), "no jump is shown at the cut")
        else:
            found, _ = limit_at_end(c, i, slope(c, i, alpha), where.get("end"))
            expect(isinstance(found, int), "no infinite limit is shown")
        return Fact("lipschitz", params=params, value="inf", bounds=["inf", "inf"])
    upper = rational(proof["upper"])
    for j in range(len(c.pieces)):
        for k in (1, -1):
            gap = c.pool.linear((upper, c.pool.one), (Fraction(k), slope(c, j, alpha)))
            expect(c.on(gap, j) in "+p0", f"the upper bound is not shown on piece {j}")
    expect(all(c.step(j) == ("0", "0") for j in range(len(c.cuts))), "phi is not shown to be continuous")
    seen = abs(place_value(c, i, slope(c, i, alpha), where))
    low = upper if seen.overlaps(exact(upper)) and seen.is_exact() else min(fraction(seen.lower()), upper)
    factor = arb(2).sqrt() if norm == "l2" else arb(2)
    value, bounds = enclosed(fraction((exact(low) * factor).lower()), fraction((exact(upper) * factor).upper()))
    return Fact("lipschitz", params=params, value=value, bounds=bounds)
