"""One-versus-rest losses whose risk is least where two classes of different probability have the same score.

Lemma. Let ``l_y(z) = a(z_y) + sum_{j != y} b(z_j)``; then ``C_p(z) = sum_i r_i(z_i)``, ``r_i = p_i a + (1 - p_i) b``,
and ``H(p) = sum_i inf r_i``. Let t be the unique top class, j another one, and let v be a score, -inf or +inf with

- ``r_i`` nondecreasing beyond v for every class i, so that ``inf r_i`` is its infimum over scores up to v;
- ``r_t`` and ``r_j`` nonincreasing before v, so that v, or scores that tend to it, minimise both.

Then scores with ``z_t = z_j`` at v, or tending to it, and every other score at most as large, have risks that tend to
H(p); there j is in the argmax, and softmax(z) gives t and j the same probability all along. So the loss is not
calibrated, and for p inside the simplex it does not recover p.

Checked: the form, the losses defined everywhere; a and b analytic between the breakpoints, v one of them if it is a
number; signs of the slopes on every piece and of the steps at every breakpoint (the value at v is no higher than both
limits there).

Proof node: ``{"rule": "separable_tie_witness", "of": property, "p": [...], "other": j, "at": "low" | "high" | "1/2",
"a": graph, "b": graph, "breaks": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.separable import halves
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def rises(c: Curve, v: Fraction | None) -> bool:
    """Whether the function is nondecreasing from v on (None: everywhere), v included."""
    at = [i for i, cut in enumerate(c.cuts) if v is not None and cut.low == cut.high == v]
    pieces = [i for i, piece in enumerate(c.pieces) if v is None or piece.b is None or piece.b > v]
    beyond = [i for i, cut in enumerate(c.cuts) if i not in at and (v is None or cut.high > v)]
    slopes = all(c.on(c.derivative(i), i) in "+p0" for i in pieces)
    steps = all(set(c.step(i)) <= {"+", "0"} for i in beyond) and all(c.step(i)[1] in "+0" for i in at)
    return slopes and steps


def falls(c: Curve, v: Fraction | None) -> bool:
    """Whether the function is nonincreasing up to v (None: everywhere), v included."""
    at = [i for i, cut in enumerate(c.cuts) if v is not None and cut.low == cut.high == v]
    pieces = [i for i, piece in enumerate(c.pieces) if v is None or piece.a is None or piece.a < v]
    before = [i for i, cut in enumerate(c.cuts) if i not in at and (v is None or cut.low < v)]
    slopes = all(c.on(c.derivative(i), i) in "-m0" for i in pieces)
    steps = all(set(c.step(i)) <= {"-", "0"} for i in before) and all(c.step(i)[0] in "-0" for i in at)
    return slopes and steps


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the shape of the risk of every score."""
    pool, wanted, at = case.pool, proof["of"], proof["at"]
    p, t = distribution(proof["p"], len(case.variables))
    j = proof["other"]
    expect(type(j) is int and 0 <= j < len(p) and j != t, "another class is an index")
    a, b = halves(case, proof)
    v = None if at in ("low", "high") else rational(at)
    for i, share in enumerate(p):
        r = pool.linear((share, a), (1 - share, b))
        c = curve(pool, r, "v", None, None, proof["breaks"], (a, b))
        expect(v is None or any(cut.low == cut.high == v for cut in c.cuts), "the score is no breakpoint")
        expect(at == "high" or rises(c, v), f"the risk of score {i} is not shown to rise beyond the tie")
        expect(at == "low" or i not in (t, j) or falls(c, v), f"the risk of score {i} is not shown to fall to the tie")
    if wanted == "recovers_probability":
        expect(min(p) > 0, "recovery is asked inside the simplex")
        return Fact(wanted, False, {"link": "softmax"})
    expect(wanted == "classification_calibrated", "the tie speaks of calibration or recovery")
    return Fact(wanted, False)
