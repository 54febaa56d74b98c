"""A binary loss that is not calibrated: at one eta no right score beats the wrong ones.

Let f1, f0 be the losses of a score for the two labels (phi(z), phi(-z) for a margin loss), C = eta f1 + (1-eta) f0
for one rational eta in (1/2, 1] (eta < 1/2: the mirrored pair f0(-z), f1(-z)). Wrong scores are z <= 0.

Lemma. Let (0, inf) be cut into finitely many open intervals and points, each with a witness: an affine w(z) <= 0 there
with C(w(z)) <= C(z), or a limit r of C as z goes to -inf or to 0 from below, with r <= C(z). Then inf over z <= 0 of C
equals inf C. The same follows at once when C tends to -inf as z goes to -inf or to 0 from below.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.curve import Limit, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.numbers import fraction
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted


def risk(case: Case, eta: Fraction, mirrored: bool) -> Node:
    """The conditional risk, of the mirrored pair when asked."""
    one, zero = two_sides(case)
    if mirrored:
        x = case.pool.var(case.variables[0])
        flip = {x: case.pool.scale(-1, x)}
        one, zero = case.pool.substitute(zero, flip), case.pool.substitute(one, flip)
    return weighted(case, [(eta, one), (1 - eta, zero)])


def wrong_limit(case: Case, c: Node, at: Any, reach: Fraction) -> Limit | None:
    """Limit of the risk as the score goes to -inf, or to 0 from below."""
    expect(at in ("-inf", "0-") and reach > 0, "a limit is taken at -inf or 0-")
    a, b = (None, -reach) if at == "-inf" else (-reach, Fraction(0))
    near = curve(case.pool, c, case.variables[0], a, b, [])
    return near.end(near.pieces[0].node, at == "0-")


def rival(case: Case, c: Node, row: dict[str, Any], a: Fraction, b: Fraction | None) -> Node:
    """The risk of the witness as a function of the right score."""
    pool, x = case.pool, case.pool.var(case.variables[0])
    if "limit" in row:
        r = wrong_limit(case, c, row["limit"], rational(row["reach"]))
        if not isinstance(r, arb):
            raise CertificateRejected("no finite limit is shown")
        return pool.const(fraction(r.upper()))
    shift, slope = (rational(q) for q in row["witness"])
    expect(shift + slope * a <= 0 and (slope <= 0 if b is None else shift + slope * b <= 0), "a witness is not wrong")
    return pool.substitute(c, {x: pool.linear((shift, pool.one), (slope, x))})


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the limit -inf, or every interval and point of the right scores."""
    eta, x, pool = rational(proof["eta"]), case.variables[0], case.pool
    expect(Fraction(1, 2) < eta <= 1, "eta must be in (1/2, 1]")
    c = risk(case, eta, proof.get("mirrored") is True)
    if "unbounded" in proof:
        r = wrong_limit(case, c, proof["unbounded"], rational(proof["reach"]))
        expect(isinstance(r, int) and r == -1, "the risk is not shown to be unbounded below on the wrong side")
        return Fact("classification_calibrated", holds=False)
    rows = proof["regions"]
    starts: list[Fraction | None] = [rational(r["from"]) for r in rows]
    expect(starts and starts[0] == 0, "the regions start at 0")
    for row, a, b in zip(rows, starts, [*starts[1:], None], strict=True):
        expect(a is not None and (b is None or a < b), "the regions do not advance")
        start = a or Fraction(0)
        gap = pool.sub(c, rival(case, c, row, start, b))
        on = curve(pool, gap, x, start, b, row["breaks"])
        expect(all(on.on(p.node, i) in "+p0" for i, p in enumerate(on.pieces)), "a right score may be better")
        expect(all(on.sign(v, i) in "+p0" for i, v in enumerate(on.values)), "a right score may be better")
        expect(b is None or constant_sign(pool, exactly(pool, gap, {x: b})) in "+0", "a right score may be better")
    return Fact("classification_calibrated", holds=False)
