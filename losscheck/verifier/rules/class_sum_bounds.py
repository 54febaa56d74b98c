r"""Infimum and supremum over all scores of the sum of the losses over the classes.

Each side by one of four ways; the sum S is a real function, defined at every finite point.

- ``infinite``: S has an infinite limit along a line.
- ``minorant``: a constant affine minorant of S (of -S for the supremum) from convexity inequalities, and the value of
  S at a rational point within 1e-7 of it.
- ``vertices``: S = F(softmax(alpha z)) with F concave (for the infimum; convex for the supremum) on the simplex and
  finite with all its parts at the vertices, hence continuous there: the extremum is the extreme vertex value, a limit.
- ``stationary``: the same with F convex (concave) and all partial derivatives of F equal at a rational interior point.

F may also be a monotone function (affine, a power of something positive, exp, log) of such a function.

Proof node: ``{"rule": "class_sum_bounds", "low": {"way": ..., ...}, "high": {...}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly, natural
from losscheck.verifier.faces import Simplex
from losscheck.verifier.identity import same
from losscheck.verifier.minorant import minorant
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere, rational_point, value_range, whole_domain
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

Interval = tuple[Fraction, Fraction]


def infinite(case: Case, total: Node, how: dict[str, Any], side: int) -> bool:
    """Whether the sum tends to the infinity of this side along a line."""
    pool, t = case.pool, case.pool.var("t")
    path = {pool.var(x): pool.scale(rational(b), t) for x, b in zip(case.variables, how["direction"], strict=True)}
    c = curve(pool, pool.substitute(total, path), "t", rational(how["reach"]), None, [])
    found = c.end(c.pieces[0].node, True)
    return isinstance(found, int) and found == side


def by_minorant(case: Case, total: Node, how: dict[str, Any], side: int) -> Interval:
    """A constant bound and a value close to it."""
    found = minorant({total: Fraction(-side)}, how["flows"], case.variables)
    expect(not any(found.slopes.values()), "the minorant is not constant")
    bound = -side * found.total
    lo, hi = value_range(case, total, rational_point(case, how["at"]))
    return (fraction(bound.lower()), fraction(hi)) if side < 0 else (fraction(lo), fraction(bound.upper()))


def peeled(case: Case, f: Node, wanted: str, names: list[str], value: Enclosure) -> tuple[Node, bool]:
    """Strip monotone functions off F until curvature shows; whether what is left increases with F."""
    curvature, up = Curvature(case.pool, names, "simplex", value), True
    while True:
        kind = curvature(f)[0]
        if kind in ("c", "a") or kind == (wanted if up else {"x": "v", "v": "x"}[wanted]):
            return f, up
        positive = f.op == "pow" and sign(f.args[0], value) in "+p"  # F is real, so 0 is no base of a negative power
        expect(len(f.args) == 1 and (f.op in ("add", "exp", "log") or positive), "no curvature of F is shown")
        up ^= (f.op == "add" and f.value[1] < 0) or (f.op == "pow" and f.value < 0)
        f = f.args[0]


def on_simplex(case: Case, total: Node, how: dict[str, Any], side: int) -> Interval:
    """The extremum of F at the vertices or at a stationary point."""
    pool, names = case.pool, [f"s{i}" for i in range(len(case.variables))]
    alpha = rational(how["alpha"])
    f = formula(case, how["formula"], set(names))
    expect(alpha > 0, "alpha must be positive")
    expect(same(pool, total, replace(case, f, dict(zip(names, softmax(case, alpha), strict=True)))), "no function F")
    expect(not any(n.op == "where" for n in walk(f)), "F branches")
    inside = Simplex(pool, names)
    bases = [n.args[0] for n in walk(f) if n.op == "log" or (n.op == "pow" and not natural(n))]
    expect(all(map(inside.interior, bases)), "F may not be defined inside the simplex")
    value = Enclosure(ranges(dict.fromkeys(names, (Fraction(0), Fraction(1)))))
    stationary = how["way"] == "stationary"
    inner, _ = peeled(case, f, "x" if stationary == (side < 0) else "v", names, value)
    if stationary:
        at = dict(zip(names, map(rational, how["at"]), strict=True))
        expect(all(q > 0 for q in at.values()) and sum(at.values()) == 1, "the point is not inside the simplex")
        slopes = [exactly(pool, pool.differentiate(inner, x), at) for x in names]
        equal = all(constant_sign(pool, pool.sub(s, slopes[0])) == "0" for s in slopes[1:])
        expect(equal, "the point is not stationary")
        found: list[Range] = [Enclosure({})(exactly(pool, f, at))]
    else:
        found = []
        for i in range(len(names)):
            corner = Enclosure({x: point(int(i == j)) for j, x in enumerate(names)})
            expect(all(end.is_finite() for n in walk(f) for end in corner(n)), "F is not finite at a vertex")
            found.append(corner(f))
    best = [fraction(r[0]) for r in found], [fraction(r[1]) for r in found]
    return (min(best[0]), min(best[1])) if side < 0 else (max(best[0]), max(best[1]))


def extremum(case: Case, total: Node, how: dict[str, Any], side: int) -> tuple[Any, list[Any]]:
    """Value and bounds of one side."""
    if how["way"] == "infinite":
        expect(infinite(case, total, how, side), "no infinite limit is shown")
        number = "inf" if side > 0 else "-inf"
        return number, [number, number]
    expect(how["way"] in ("minorant", "vertices", "stationary"), "unknown way")
    low, high = (by_minorant if how["way"] == "minorant" else on_simplex)(case, total, how, side)
    value, bounds = enclosed(low, high)
    return value, list(bounds)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both sides."""
    expect(case.kind == "logits", "the rule is about logits")
    expect(all(defined_everywhere(r, whole_domain(case)) for r in case.roots), "the loss is not shown to be defined")
    total = case.pool.add(*case.roots)
    low, high = extremum(case, total, proof["low"], -1), extremum(case, total, proof["high"], 1)
    return Fact("class_sum_bounds", value=[low[0], high[0]], bounds=[low[1], high[1]])
