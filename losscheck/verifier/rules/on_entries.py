r"""A loss of several arguments read as one function of all its numbers, or of some with the others fixed.

Every number x of the floating arguments is a chart of a real t, onto the number's domain, or a fixed rational of it.
With F(t) = l(x(t)):

1. If no number is fixed, x(t) takes every value of the domain. So l is ``nonnegative``, ``bounded_below`` or
   ``bounded_above`` if F is (bounded below too if F is nonnegative); and ``differentiable`` in all arguments together,
   hence in the first, if F is: a chart has a smooth inverse near every number inside its domain.
2. If F is negative somewhere, or unbounded, so is l, fixed numbers or not.
3. If moreover no chart is curved, F is l on an affine subspace: l is not ``jointly_convex`` if F is not convex; it is
   not ``convex`` (in the first argument) or not ``differentiable`` if F is not and all the other arguments are fixed;
   and it is ``jointly_convex``, hence ``convex``, if F is convex and no number is fixed.
4. If no chart is curved and all the other arguments are fixed, l has no Lipschitz constant in the first argument if F
   has none (``lipschitz``), and no constant of smoothness if F has none, or is not differentiable (``smoothness``).

The premise is about F, all t real, where F has a value. Checked too: of the loss's logarithms and powers none is lost
by a fixed number (``a log x`` is nothing at a = 0) unless it is a number for all t.

Proof node: ``{"rule": "on_entries", "ask": ..., "parts": ["real", "exp", {"fixed": "1/2"}, ...], "proof": {...}}``, one
part for each variable.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from losscheck.verifier.carried import carried
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.charts import ONTO, chart, plain_case
from losscheck.verifier.row_points import rows_of
from losscheck.verifier.rows import inside
from losscheck.verifier.terms import Node
from losscheck.verifier.vanished import nothing_vanished
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True
PREMISES = {"jointly_convex": "convex", "smoothness": "differentiable"}
ASKED = ("nonnegative", "bounded_below", "bounded_above", "differentiable", "convex", "lipschitz", *PREMISES)
ALL = ("nonnegative", "bounded_below", "bounded_above", "jointly_convex")
"""What is said of all arguments together; the rest speaks of the first."""


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the parts and the fact about the function of the reals."""
    rows, ask, parts, pool = rows_of(case), proof["ask"], proof["parts"], case.pool
    expect(ask in ASKED, f"nothing follows about {str(ask)[:40]}")
    expect(isinstance(parts, list) and len(parts) == len(case.variables), "one part for each variable")
    domains = {x: a.domain for a in rows.floats for x in rows.entries(a)}
    first = set(rows.entries(rows.floats[0]))
    change: dict[Node, Node] = {}
    free: list[str] = []
    curved = False
    for x, part in zip(case.variables, parts, strict=True):
        if isinstance(part, dict):
            at = rational(part["fixed"])
            expect(inside(domains[x], at), "a number leaves its domain")
            change[pool.var(x)] = pool.const(at)
        else:
            expect(part == ONTO[domains[x]], f"the chart of the domain {domains[x]} is another")
            curved = curved or part != "real"
            change[pool.var(x)] = chart(pool, part, pool.var(f"u_{len(free)}"))
            free.append(x)
    expect(free, "every number is fixed")
    # a name such as u_0 may be a variable of the loss too: all are replaced at once
    roots = [pool.substitute(root, change) for root in case.roots]
    nothing_vanished(replace(plain_case(case, roots, max(2, len(free))), written=carried(pool, case.roots, change)))
    fact = Checker(plain_case(case, roots, len(free))).fact(proof["proof"])
    above_0 = ask == "bounded_below" and fact.property == "nonnegative" and fact.holds
    endless = fact.bounds == ["inf", "inf"] and fact.property == ask
    expect(endless or above_0 or fact.property == PREMISES.get(ask, ask), "the premise shows something else")
    expect(not curved or PREMISES.get(ask, ask) != "convex", "a curved chart does not keep chords")
    broken = endless if ask == "lipschitz" else endless or not fact.holds
    expect(broken or ask not in ("lipschitz", "smoothness"), "only that there is no constant follows")
    if not broken:
        expect(len(free) == len(case.variables), "what holds with some numbers fixed need not hold for others")
    elif ask not in ALL:
        expect(not curved and set(free) <= first, "the other arguments vary, or a chart is curved")
    if ask in ("lipschitz", "smoothness"):
        return Fact(ask, params=fact.params if ask == "lipschitz" else {}, value="inf", bounds=["inf", "inf"])
    return Fact(ask, holds=fact.holds)
