r"""Divergences ``Phi(sum of q_i^k h(p_i / q_i))`` with h >= 0 that vanishes at 1 only.

Read as in verifier/csiszar.py, with ``g(p, q) = q^k g(p / q, 1)``; a constant of the sum is spread over the indices
for k = 0, as ``c0 p_i`` for k = 1, and must be 0 otherwise. Checked: ``h(t) = g(t, 1) - slope (t - 1)``, with a slope
other than 0 for k = 1 only (p and q have the same sum), is 0 at t = 1 and positive on (0, 1) and (1, inf). So the sum
is 0 for p = q and positive for all others. By ``ask``, for Phi on [0, inf):

- nonnegative: Phi >= 0;
- identity_of_indiscernibles: Phi vanishes at 0 only.

Proof node: ``{"rule": "by_homogeneous", "ask": ..., "core": 0, "turn": 1, "degree": 0, "slope": "0", "f_breaks": [...],
"outer_breaks": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.csiszar import read_homogeneous, signs
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import F0, F1
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check h, then Phi."""
    pool, slope, degree, ask = case.pool, rational(proof["slope"]), proof["degree"], proof["ask"]
    expect(type(degree) is int and abs(degree) <= 8, "the degree is a small integer")
    expect(slope == 0 or degree == 1, "a slope changes a sum of another degree")
    f, phi = read_homogeneous(case, proof, degree)
    h = pool.linear((F1, f), (-slope, pool.var("v")), (slope, pool.one))
    expect(constant_sign(pool, exactly(pool, h, {"v": F1})) == "0", "h is not 0 at 1")
    for a, b in ((F0, F1), (F1, None)):
        found = signs(curve(pool, h, "v", a, b, proof["f_breaks"]))
        expect(found == {"+"}, "h is not shown to be positive off 1")
    outer = pool.substitute(phi, {pool.var("c"): pool.scale(proof["turn"], pool.var("x"))})
    start = constant_sign(pool, exactly(pool, outer, {"x": F0}))
    rest = signs(curve(pool, outer, "x", F0, None, proof["outer_breaks"]))
    if ask == "nonnegative":
        expect(start in "+0" and rest <= set("+p0"), "Phi is not shown to be nonnegative")
        return Fact(ask)
    expect(ask == "identity_of_indiscernibles", "nothing else follows")
    expect(start == "0" and rest in ({"+"}, {"-"}), "Phi is not shown to vanish at 0 only")
    return Fact(ask)
