"""Functions of another loss, about which the premises are asked in turn (rule ``by_outer``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.build import add, const, sub, substitute, var
from losscheck.expr.conditions import BOOLEAN
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

MOST = 3


def inner(root: Expr) -> list[tuple[int, Expr, Expr]]:
    """``(number, C, Phi)`` for nodes outside of which no variable occurs, topmost first."""
    found: list[tuple[int, Expr, Expr]] = []
    for n in topological([root]):
        if n.args and n is not root and n.op not in BOOLEAN:
            offset = n.value[0] if n.op == "add" else Fraction(0)
            (rest,) = substitute([root], {n: add(var("c"), const(offset))})
            if not any(m.op == "var" and m.value[0] != "c" for m in topological([rest])):
                found.append((len(found), sub(n, const(offset)), rest))
    return found[::-1]


def attempt(lifted: Lifted, name: str) -> Outcome | None:
    """Prove ``name`` of a function of a simpler loss, or None."""
    zero = "identity_of_indiscernibles" if lifted.kind == "divergence" else "zero_iff_equal"
    also = "nonnegative" if lifted.kind == "divergence" else "min_at_target"
    wanted = [zero, also, *(["triangle_inequality"] if name == "triangle_inequality" else [])]
    for number, core, outer in inner(lifted.roots[0])[:MOST]:
        simpler = replace(lifted, roots=(core,))
        premises = []
        for premise in wanted:
            found = _asked(simpler, premise)
            if found.verdict.value != "proved" or found.certificate is None:
                break
            premises.append(found.certificate["proof"])
        else:
            proof = {"rule": "by_outer", "ask": name, "core": number, "premises": premises}
            proof["breaks"] = breakpoints(outer, "c", "positive")
            made = prove(lifted, name, proof, message="The loss is a function of a simpler one that has the property.")
            if made:
                return made
    return None


def _asked(lifted: Lifted, name: str) -> Outcome:
    """The answer of the property itself."""
    from losscheck.property import properties

    outcome: Outcome = properties()[name].answer(lifted)
    return outcome
