"""Losses l(yhat, y) of two numbers: their domains, and their reduction to functions of one variable.

- ``shift``: ``l(u + v, u) = f(v) + c(u)``, with ``f(v) = l(1 + v, 1)`` and v over R;
- ``scale``: ``l(u v, u) = u^k f(v) + c(u)`` for u > 0, with ``f(v) = l(v, 1)`` and v > 0.

Both are identities of normal forms, which hold wherever both sides are defined; that the loss is defined on its whole
domain is shown apart. Every v belongs to some point of the domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.points import Point, defined_everywhere
from losscheck.verifier.terms import Pool

POSITIVE = {
    "real": (False, False),
    "positive": (True, True),
    "yhat:real y:positive": (False, True),
    "yhat:positive y:real": (True, False),
}
"""Whether yhat and y are positive."""


def positives(case: Case) -> dict[str, bool]:
    """Whether each variable is positive; else it is real."""
    expect(case.kind == "regression", "a regression loss has the variables yhat and y")
    return dict(zip(("yhat", "y"), POSITIVE[case.domain], strict=True))


def region(pool: Pool, positive: Mapping[str, bool]) -> Enclosure:
    """Ranges and signs on the open region where some variables are positive and the others real."""
    value = Enclosure(ranges({x: (Fraction(0) if up else None, None) for x, up in positive.items()}))
    value.signs.update({pool.var(x).id: "+" for x, up in positive.items() if up})
    return value


def place(case: Case, values: Any) -> Point:
    """A rational point ``[yhat, y]`` of the domain."""
    expect(isinstance(values, list) and len(values) == 2, "a point is [yhat, y]")
    at = dict(zip(("yhat", "y"), map(rational, values), strict=True))
    expect(all(at[x] > 0 for x, up in positives(case).items() if up), "the point leaves the domain")
    return at


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
    if chart == "shift":
        start, label, factor, domain = pool.zero, u, pool.one, "real"
        f = pool.substitute(root, {yhat: pool.add(pool.one, v), y: pool.one})
        moved = pool.substitute(root, {yhat: pool.add(u, v), y: u})
        expect(degree == 0, "a shift has no degree")
    else:
        expect(chart == "scale" and case.domain == "positive", "a chart is shift, or scale on positive numbers")
        start, label, factor, domain = pool.one, pool.exp(u), pool.exp(pool.scale(degree, u)), "positive"
        f = pool.substitute(root, {yhat: v, y: pool.one})
        moved = pool.substitute(root, {yhat: pool.mul(label, v), y: label})
    diagonal = pool.substitute(root, {yhat: label, y: label})
    offset = pool.sub(diagonal, pool.mul(factor, pool.substitute(f, {v: start})))
    whole = pool.mul(factor, f)
    expect(same(pool, moved, pool.add(whole, offset)), f"the loss is not shown to be a {chart} of one function")
    one = replace(case, roots=[f], kind="profile", n_classes=None, variables=["v"], domain=domain)
    return Profile(one, chart, degree, vanishes(pool, offset))


def cut(case: Case, values: Any) -> Case:
    """The function of yhat alone at one rational y, as a case of its own."""
    y = rational(values)
    expect(y > 0 or not positives(case)["y"], "the label leaves the domain")
    pool = case.pool
    f = pool.substitute(case.roots[0], {pool.var("yhat"): pool.var("v"), pool.var("y"): pool.const(y)})
    domain = "positive" if positives(case)["yhat"] else "real"
    return replace(case, roots=[f], kind="profile", n_classes=None, variables=["v"], domain=domain)
