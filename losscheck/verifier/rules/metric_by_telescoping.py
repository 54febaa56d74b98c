r"""Triangle inequality of sublinear functions of telescoping differences.

A node I(p, q) telescopes if ``I(a, b) + I(b, c) = I(a, c)``, an identity of normal forms; so does ``F(p) - F(q)``
for any F. Checked: with the topmost telescoping nodes replaced by variables v the loss is a function N(v) of these,
defined on all of R^n, convex by composition rules, and ``N(e^t v) = e^t N(v)``; so N is sublinear and
``N(I(a, c)) <= N(I(a, b)) + N(I(b, c))``. The statement is about all points where the loss is defined.

Proof node: ``{"rule": "metric_by_telescoping"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import PAIRS, names, swappable
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import BOOLEAN, Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS
MOST = 64


def telescopes(case: Case, n: Node) -> bool:
    """Whether ``I(a, b) + I(b, c) = I(a, c)``; the entries are >= 0."""
    pool, (first, second) = case.pool, names(case)
    third = [f"r{i}" for i in range(len(first))]
    to_third = {pool.var(b): pool.var(c) for b, c in zip(second, third, strict=True)}
    up = {pool.var(a): pool.var(b) for a, b in zip(first, second, strict=True)}
    direct, after = pool.substitute(n, to_third), pool.substitute(n, {**up, **to_third})
    return same(pool, pool.add(n, after), direct, unit=[*case.variables, *third])


def reduced(case: Case) -> tuple[Node, list[str]]:
    """The loss as a function of its topmost telescoping nodes, and the names of these."""
    pool, (root,), (first, second) = case.pool, case.roots, names(case)
    found: dict[Node, str] = {}
    seen: set[Node] = set()
    stack = [root]
    while stack:
        n = stack.pop()
        if n in seen:
            continue
        seen.add(n)
        inside = {m.value for m in walk(n) if m.op == "var"}
        expect(len(seen) <= 20 * MOST and len(found) < MOST, "the loss has too many parts")
        if n.op == "add" and inside & {*first} and inside & {*second} and telescopes(case, n):
            found[n] = f"v{len(found)}"
        else:
            stack += [a for a in n.args if a.op not in BOOLEAN]
    whole = pool.substitute(root, {n: pool.var(name) for n, name in found.items()})
    return whole, list(found.values())


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the loss is a sublinear function of telescoping nodes."""
    expect(swappable(case), "the arguments range over different sets")
    pool, (n, variables), t = case.pool, reduced(case), case.pool.var("t")
    left = {m.value for m in walk(n) if m.op == "var"}
    expect(left <= {*variables}, "the loss is no function of differences that telescope")
    value = Enclosure(ranges(dict.fromkeys(variables, (None, None))))
    expect(defined_everywhere(n, value), "the function of the differences is not shown to be defined")
    expect(Curvature(pool, variables, "real", value)(n)[0] in ("c", "a", "x"), "the function is not shown to be convex")
    stretched = {pool.var(v): pool.mul(pool.exp(t), pool.var(v)) for v in variables}
    grown = same(pool, pool.substitute(n, stretched), pool.mul(pool.exp(t), n))
    expect(grown, "the function is not shown to be homogeneous")
    return Fact("triangle_inequality")
