r"""Facts of a divergence ``d = Phi(C)`` with ``C = sum of q_i f(p_i / q_i)`` and f convex (verifier/csiszar.py).

Write m = f(1) and S = sup C. The rule checks that f is convex and, by ``ask``:

- nonnegative: Phi >= 0 on [m, S);
- identity_of_indiscernibles: Phi(m) = 0, Phi has one strict sign on (m, S), and f is affine on no interval around 1;
- data_processing: Phi is nondecreasing on [m, S). The kernels are those that keep the number of classes for which the
  loss was read;
- jointly_convex: Phi is convex on (m, S), nondecreasing, and its value at m is its limit there;
- bounded_above, supremum: Phi is nondecreasing; its limit at S is finite (enclosed within 1e-7) or infinite.

Proof node: ``{"rule": "by_csiszar", "ask": ..., "core": 0, "turn": 1, "f_breaks": [...], "end": null | "1",
"outer_breaks": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, Range, Undefined, exact, point
from losscheck.verifier.certificate import Case, CertificateRejected, expect
from losscheck.verifier.csiszar import Csiszar, nondecreasing, read_csiszar, signs
from losscheck.verifier.curve import Curve
from losscheck.verifier.ends import end_limit
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def convex(outer: Curve) -> bool:
    """Whether Phi is shown to be convex between its ends."""
    inside = all(outer.on(outer.derivative(i, 2), i) in "+p0" for i in range(len(outer.pieces)))
    return inside and all(outer.step(i) == ("0", "0") and outer.bend(i) in "+p0" for i in range(len(outer.cuts)))


def supremum(d: Csiszar, outer: Curve) -> Range | None:
    """The range of the limit of Phi at S; None if it is infinite."""
    top, last = d.top(), outer.pieces[-1]
    expect(top is None or bool(top[0] > 0), "C is not shown to move")
    if top is not None:
        try:
            at_top = Enclosure({"x": top})
            inside = bool(top[0] > exact(last.a or 0).upper())
            if inside and all(end.is_finite() for m in walk(last.node) for end in at_top(m)):
                return at_top(last.node)  # continuous there: everything below it is finite
        except Undefined:
            pass
        ends_there = last.b is not None and bool(top[0] == top[1] == point(last.b)[0] == point(last.b)[1])
        expect(ends_there, "no limit of Phi is shown")
    found = end_limit(d.pool, last.node, "x", last.b, -1)
    if found is None or found == ("inf", -1):
        raise CertificateRejected("no limit of Phi is shown")
    limit = found[1]
    return None if isinstance(limit, int) else (limit.lower(), limit.upper())


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check f, then Phi as the question needs it."""
    ask = proof["ask"]
    d = read_csiszar(case, proof)
    expect(d.convex(), "f is not shown to be convex")
    outer, start = d.outer(proof), constant_sign(case.pool, d.at_least())
    if ask == "nonnegative":
        expect(start in "+0" and signs(outer) <= set("+p0"), "Phi is not shown to be nonnegative")
        return Fact(ask)
    if ask == "identity_of_indiscernibles":
        expect(start == "0" and signs(outer) in ({"+"}, {"-"}), "Phi is not shown to vanish at its start only")
        expect(d.strict_at_one(), "f may be affine around 1")
        return Fact(ask)
    expect(nondecreasing(outer), "Phi is not shown to be nondecreasing")
    if ask == "data_processing":
        expect(d.starts_low(outer) in "+0", "Phi is not shown to be nondecreasing at its start")
        return Fact(ask)
    if ask == "jointly_convex":
        expect(convex(outer) and d.starts_low(outer) == "0", "Phi is not shown to be convex")
        return Fact(ask)
    expect(ask in ("bounded_above", "supremum"), "nothing else follows")
    expect(d.starts_low(outer) in "+0", "Phi is not shown to be nondecreasing at its start")
    found = supremum(d, outer)
    if ask == "bounded_above":
        return Fact(ask, holds=found is not None)
    if found is None:
        return Fact(ask, value="inf", bounds=["inf", "inf"])
    value, bounds = enclosed(fraction(found[0]), fraction(found[1]))
    return Fact(ask, value=value, bounds=bounds)
