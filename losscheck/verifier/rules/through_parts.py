r"""A loss as a function of its distances and cosines: bounds of the function over all their values bound the loss.

Let l_y(x) = F_y(g_1(x), ..., g_m(x)) wherever l_y has a value, with g_i(x) in a set that is a chart of the reals,
``g = h(t)``. If ``F_y(h_1(t_1), ..., h_m(t_m))`` is nonnegative (bounded below, bounded above) for all real t, so is
l_y where it has a value; this for every label y. What is nonnegative is bounded below.

The parts g: ``{"sort": "real" | "square" | "exp", "node": formula}``, of any number, one shown to be >= 0, one shown to
be > 0, and ``{"sort": "sine", "x": [...], "y": [...], "under": [b, c]}``: ``x . y / (b c)`` of two vectors of formulas
with ``b >= |x|`` and ``c >= |y|``, so that Cauchy and Schwarz bound it by 1.

Hypotheses checked: the identity by normal form, which holds wherever both sides are defined; the function of the reals
has a value everywhere (``exp(log u)`` is u, but only for u > 0); each logarithm, root and reciprocal of a part is shown
to be defined on the whole domain, or what is under it is a product of factors of what is under a reciprocal or a
logarithm that the loss reads under no branch, so a part has a value wherever the loss has; every root has a value at
the rational point ``at``.
``b >= |x|`` is read off its form: a root of ``x . x``, a maximum, a sum with what is >= 0, a root of such.

Proof node: ``{"rule": "through_parts", "ask": ..., "at": [...], "roots": [{"parts": [...], "own": formula in u_0, u_1,
..., "proof": {...}}, ...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.charts import chart, plain_case
from losscheck.verifier.guards import ALWAYS, kept
from losscheck.verifier.identity import factors_among, same
from losscheck.verifier.points import broken_nowhere, defined_everywhere, rational_point, value_range
from losscheck.verifier.softmax import formula
from losscheck.verifier.terms import Node
from losscheck.verifier.unit_vectors import cosine, sign_on
from losscheck.verifier.vanished import domain
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import partial_operations

KINDS = ("embedding",)
ROWS = True
ASKED = ("nonnegative", "bounded_below", "bounded_above")
MOST = 40


def part(case: Case, said: dict[str, Any], value: Enclosure) -> Node:
    """The formula of a part, shown to lie in the set of its chart."""
    if said["sort"] == "sine":
        return cosine(case, said, value)
    node = formula(case, said["node"], set(case.variables))
    wanted = {"real": "+-pm0?", "square": "+p0", "exp": "+"}
    expect(said["sort"] in wanted, "unknown sort of part")
    expect(sign_on(node, value) in wanted[said["sort"]], "the sign of a part is not shown")
    return node


def has_a_value(case: Case, node: Node, root: Node, value: Enclosure) -> bool:
    """Whether a part is shown to have a value wherever the root has."""
    read = kept([root])
    under = [
        n.args[0] for n in partial_operations(root) if (n.op == "log" or n.value < 0) and ALWAYS in read.get(n, set())
    ]
    for n in partial_operations(node):
        base = n.args[0]
        root_of = n.op == "pow" and n.value.denominator > 1
        if defined_everywhere(n, value):
            continue
        if not defined_everywhere(base, value) and not has_a_value(case, base, root, value):
            return False
        if (n.op == "log" or root_of) and sign_on(base, value) not in "+p":
            return False
        if not factors_among(case.pool, base, under):
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check parts, identity and premise of every root."""
    ask, each, pool, value = proof["ask"], proof["roots"], case.pool, domain(case)
    expect(ask in ASKED, f"nothing follows about {str(ask)[:40]}")
    expect(isinstance(each, list) and len(each) == len(case.roots), "one reading of every root")
    at = rational_point(case, proof["at"])
    for root, said in zip(case.roots, each, strict=True):
        value_range(case, root, at)
        expect(isinstance(said["parts"], list) and 0 < len(said["parts"]) <= MOST, "a root has from 1 to 40 parts")
        parts = [part(case, p, value) for p in said["parts"]]
        names = [f"u_{i}" for i in range(len(parts))]
        own = formula(case, said["own"], set(names))
        whole = pool.substitute(own, {pool.var(x): n for x, n in zip(names, parts, strict=True)})
        expect(same(pool, root, whole), "a root is not shown to be a function of its parts")
        expect(all(has_a_value(case, n, root, value) for n in parts), "a part may have no value where the loss has")
        charts = {pool.var(x): chart(pool, p["sort"], pool.var(x)) for x, p in zip(names, said["parts"], strict=True)}
        plain = plain_case(case, [pool.substitute(own, charts)], len(parts))
        expect(broken_nowhere(plain), "the function of the parts may have no value")
        found = Checker(plain).fact(said["proof"])
        above_0 = ask == "bounded_below" and found.property == "nonnegative"
        expect(found.holds and (above_0 or found.property == ask), "the premise shows something else")
    return Fact(ask)
