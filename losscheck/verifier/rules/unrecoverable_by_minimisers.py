"""Probabilities cannot be recovered: two eta share a minimiser, or one eta has none.

Let C = eta f1 + (1 - eta) f0 be the conditional risk of a score (phi(z), phi(-z) for a margin loss).

Lemma. If for two different eta in (0, 1) the risk falls (weakly) before a cut and rises (weakly) after it, its value
there not above either limit, or if the risk less its value at the cut is nowhere negative, the cut is a minimiser for
both. If for one eta the risk falls strictly on every piece and never steps up (or the mirror image), or tends to
-infinity at one end, it has no finite minimiser; nor if it falls strictly, without a step up, beyond a cut, and is
larger up to the cut than at some point w beyond it: every score is beaten by w or by a larger one (or the mirror
image, below a cut). Nor if it falls strictly on a piece up to a cut, and is larger than its limit there on all other
pieces and at every cut: that limit is its infimum, and no score has it (or the mirror image). The cut is the same real
number for both eta: the hint names it, and the verifier locates it among the switches of f1 and f0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted


def falls(c: Curve, i: int) -> str:
    """Sign of the derivative on piece i."""
    return c.on(c.derivative(i), i)


def minimiser(c: Curve, at: int) -> bool:
    """Whether the cut is shown to be a minimiser."""
    before = all(falls(c, i) in "-m0" for i in range(at + 1)) and all(s in "-m0" for i in range(at) for s in c.step(i))
    after = all(falls(c, i) in "+p0" for i in range(at + 1, len(c.pieces))) and all(
        s in "+p0" for i in range(at + 1, len(c.cuts)) for s in c.step(i)
    )
    left, right = c.step(at)
    return before and after and left in "-m0" and right in "+p0"


def lowest(c: Curve, at: int) -> bool:
    """Whether the risk is shown to be nowhere below its value at the cut, compared directly."""
    cut, pool = c.cuts[at], c.pool
    if cut.point is None:
        return False
    least = pool.substitute(c.values[at], {pool.var(c.x): cut.point})
    return all(c.on(pool.sub(p.node, least), i) in "+p0" for i, p in enumerate(c.pieces)) and all(
        c.sign(pool.sub(v, least), i) in "+p0" for i, v in enumerate(c.values)
    )


def monotone(c: Curve, rising: bool) -> bool:
    """Whether the risk is shown to be strictly monotone on all of R."""
    strict, loose = ("+", "+p0") if rising else ("-", "-m0")
    return all(falls(c, i) == strict for i in range(len(c.pieces))) and all(
        s in loose for i in range(len(c.cuts)) for s in c.step(i)
    )


def bottomless(c: Curve) -> bool:
    """Whether the risk is shown to tend to -infinity at one end."""
    ends = (c.end(c.pieces[-1 if last else 0].node, last) for last in (False, True))
    return any(isinstance(end, int) and end < 0 for end in ends)


def escapes(c: Curve, at: int, w: Fraction, rising: bool) -> bool:
    """Whether the risk falls strictly beyond a cut and is larger up to it than at w (``rising``: the mirror image)."""
    cut, pool = c.cuts[at], c.pool
    least = exactly(pool, c.root, {c.x: w})
    beyond = range(at + 1) if rising else range(at + 1, len(c.pieces))
    crossed = range(at) if rising else range(at + 1, len(c.cuts))
    strict, loose = ("+", "+p0") if rising else ("-", "-m0")
    down = all(falls(c, i) == strict for i in beyond) and all(s in loose for i in crossed for s in c.step(i))
    near = [i for i in range(len(c.pieces)) if i not in beyond]
    rest = [i for i in range(len(c.cuts)) if i not in crossed]
    above = all(c.on(pool.sub(c.pieces[i].node, least), i) == "+" for i in near)
    return (
        (w < cut.low if rising else w > cut.high) and down and above
        and all(c.sign(pool.sub(c.values[i], least), i) == "+" for i in rest)
    )  # fmt: skip


def unattained(c: Curve, at: int, rising: bool) -> bool:
    """Whether the risk is shown to be larger everywhere than its limit at a cut from below (``rising``: from above)."""
    cut, pool, own = c.cuts[at], c.pool, at + 1 if rising else at
    found = c.limit(c.pieces[own].node, at, 1 if rising else -1)
    if cut.point is None or not isinstance(found, Node):
        return False
    least = pool.substitute(found, {pool.var(c.x): cut.point})
    above = all(c.on(pool.sub(p.node, least), i) == "+" for i, p in enumerate(c.pieces) if i != own)
    return (
        falls(c, own) == ("+" if rising else "-") and above
        and all(c.sign(pool.sub(v, least), i) == "+" for i, v in enumerate(c.values))
    )  # fmt: skip


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the two risks at the common cut, or the one monotone risk."""
    sides, pool, x = two_sides(case), case.pool, case.variables[0]
    etas = [rational(e) for e in proof["etas"]]
    expect(all(0 < e < 1 for e in etas) and len(set(etas)) == len(etas), "eta must be in (0, 1)")
    risks = [weighted(case, [(e, sides[0]), (1 - e, sides[1])]) for e in etas]
    curves = [curve(pool, r, x, None, None, proof["breaks"], sides) for r in risks]
    if "beyond" in proof:
        expect(len(etas) == 1 and type(proof["at"]) is int and 0 <= proof["at"] < len(curves[0].cuts), "no such cut")
        shown = escapes(curves[0], proof["at"], rational(proof["beyond"]), proof["rising"] is True)
        expect(shown, "the risk is not shown to fall beyond the cut, below what it is before")
    elif proof.get("limit") is True:
        expect(len(etas) == 1 and type(proof["at"]) is int and 0 <= proof["at"] < len(curves[0].cuts), "no such cut")
        shown = unattained(curves[0], proof["at"], proof["rising"] is True)
        expect(shown, "the risk is not shown to stay above its limit at the cut")
    elif proof.get("at") is None:
        shown = len(etas) == 1 and (monotone(curves[0], proof["rising"] is True) or bottomless(curves[0]))
        expect(shown, "the risk is not shown to be monotone or without bound")
    else:
        expect(len(etas) == 2 and type(proof["at"]) is int and 0 <= proof["at"] < len(curves[0].cuts), "no such cut")
        shown = all(minimiser(c, proof["at"]) or lowest(c, proof["at"]) for c in curves)
        expect(shown, "the cut is not shown to be a minimiser of both risks")
    return Fact("recovers_probability", holds=False, params={"link": None})
