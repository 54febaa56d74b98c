"""Losses l(yhat, y) of two numbers: their domains, and their reduction to functions of one variable.

- ``shift``: ``l(u + v, u) = f(v) + c(u)``, with ``f(v) = l(1 + v, 1)`` and v over R;
- ``scale``: ``l(u v, u) = u^k f(v) + c(u)`` for u > 0, with ``f(v) = l(v, 1)`` and v > 0;
- ``weighted``: ``l(u + v, u) = h(u) f(v) + c(u)`` with some h > 0, f as for a shift: with ``D(u, v) = l(u + v, u) -
  l(u, u)`` shown as ``D(u, v) D(1, 1) = D(1, v) D(u, 1)`` and ``D(u, 1) / D(1, 1) > 0``.

Both are identities of normal forms, which hold wherever both sides are defined; that the loss is defined on its whole
domain is shown apart. Every v belongs to some point of the domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.carried import nothing_lost
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.points import counted, defined_everywhere, positives
from losscheck.verifier.terms import Node, Pool


def region(pool: Pool, positive: Mapping[str, bool]) -> Enclosure:
    """Ranges and signs on the open region where some variables are positive and the others real."""
    value = Enclosure(ranges({x: (Fraction(0) if up else None, None) for x, up in positive.items()}))
    value.signs.update({pool.var(x).id: "+" for x, up in positive.items() if up})
    return value


@dataclass(frozen=True)
class Profile:
    """The function of one variable as a case of its own, and how the loss is made of it."""

    case: Case
    chart: str
    degree: Fraction
    bare: bool
    """Whether c is zero."""


def profile(case: Case, chart: Any, degree: Fraction) -> Profile:
    """Reduce a regression loss to one variable, or reject."""
    pool, (root,) = case.pool, case.roots
    expect(defined_everywhere(root, region(pool, positives(case))), "the loss is not shown to be defined")
    yhat, y, u, v = (pool.var(name) for name in ("yhat", "y", "u", "v"))
    if chart in ("shift", "weighted"):
        start, label, factor, domain = pool.zero, u, pool.one, "real"
        f = pool.substitute(root, {yhat: pool.add(pool.one, v), y: pool.one})
        moved = pool.substitute(root, {yhat: pool.add(u, v), y: u})
        expect(degree == 0, "a shift has no degree")
    else:
        expect(chart == "scale", "a chart is shift, weighted or scale")
        expect(case.domain == "positive", "only positive numbers have a scale")
        start, label, factor, domain = pool.one, pool.exp(u), pool.exp(pool.scale(degree, u)), "positive"
        f = pool.substitute(root, {yhat: v, y: pool.one})
        moved = pool.substitute(root, {yhat: pool.mul(label, v), y: label})
    diagonal = pool.substitute(root, {yhat: label, y: label})
    one = replace(case, roots=[f], kind="profile", n_classes=None, variables=["v"], domain=domain)
    if chart == "weighted":
        rise, unit = pool.sub(moved, diagonal), pool.sub(f, pool.substitute(f, {v: start}))
        step, size = (pool.substitute(n, {v: pool.one}) for n in (rise, unit))
        expect(same(pool, pool.mul(rise, size), pool.mul(unit, step)), "the loss is not shown to be a weighted shift")
        weight = sign(pool.mul(step, size), region(pool, {"u": positives(case)["y"]}))
        expect(weight == "+", "the weight is not shown to be positive")
        return Profile(one, chart, degree, False)
    offset = pool.sub(diagonal, pool.mul(factor, pool.substitute(f, {v: start})))
    whole = pool.mul(factor, f)
    expect(same(pool, moved, pool.add(whole, offset)), f"the loss is not shown to be a {chart} of one function")
    return Profile(one, chart, degree, vanishes(pool, offset))


def cut(case: Case, values: Any) -> Case:
    """The function of yhat alone at one rational y, as a case of its own."""
    y = rational(values)
    expect(y > 0 or not positives(case)["y"], "the label leaves the domain")
    expect(not counted(case) or (y.denominator == 1 and y >= 0), "the label is no count")
    pool, up = case.pool, positives(case)["yhat"]
    change = {pool.var("yhat"): pool.var("v"), pool.var("y"): pool.const(y)}
    f = pool.substitute(case.roots[0], change)
    low = Fraction(0) if up else None
    nothing_lost(pool, case.roots[0], f, change, lambda n: interval_sign(pool, n, "v", low, None))
    domain = "positive" if up else "real"
    return replace(case, roots=[f], kind="profile", n_classes=None, variables=["v"], domain=domain)


def line(case: Case, path: Any, far: bool, reach: Any) -> tuple[dict[Node, Node], Fraction, Fraction | None]:
    """``yhat = a + b t, y = c + d t`` in the domain, and the open interval of t: (0, reach), or beyond reach if far.

    Of counts: y stays one count, or c and d are counts and t goes to infinity, through the integers as well.
    """
    pool, end = case.pool, rational(reach)
    expect(end > 0 and isinstance(path, list) and len(path) == 2, "a line has [a, b] for both variables")
    low, high = (end, None) if far else (Fraction(0), end)
    change = {}
    for (name, up), (start, step) in zip(positives(case).items(), path, strict=True):
        a, b = rational(start), rational(step)
        ends = [a + b * low, b if high is None else a + b * high]
        expect(not up or (min(ends) >= 0 and max(ends) > 0), "the line leaves the domain")
        counts = a.denominator == b.denominator == 1 and a >= 0 and b >= 0 and (far or b == 0)
        expect(name != "y" or not counted(case) or counts, "the line leaves the counts")
        change[pool.var(name)] = pool.linear((a, pool.one), (b, pool.var("t")))
    return change, low, high
