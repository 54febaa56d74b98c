"""Guards of a division: ``where(0 < s, s, c)`` and ``where(s == 0, c, s)``, which are s but where s is 0.

Code that divides by a length writes them so that a vector of zeros stays one.
"""

from __future__ import annotations

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cover import sign
from losscheck.verifier.terms import Node


def guarded_length(n: Node) -> tuple[Node, Node] | None:
    """``(s, c)`` where n is such a guard, which is c only if s <= 0 (``0 < s``) or s = 0."""
    if n.op != "where":
        return None
    condition, yes, no = n.args
    if condition.op == "not" and condition.args[0].op == "eq":
        condition, yes, no = condition.args[0], no, yes
    if condition.op == "lt" and _zero(condition.args[0]) and condition.args[1] is yes:
        return yes, no
    if condition.op == "le" and _zero(condition.args[1]) and condition.args[0] is no:
        return no, yes
    if condition.op == "eq":
        for s, other in (condition.args, reversed(condition.args)):
            if _zero(other) and s is no:
                return no, yes
    return None


def never_zero(n: Node, value: Enclosure) -> bool:
    """Whether a node is shown to differ from 0 wherever it has a value, on a region."""
    found = guarded_length(n)
    if found is not None:
        return found[1].op == "const" and bool(found[1].value)
    if n.op == "mul":
        return all(never_zero(a, value) for a in n.args)
    try:
        return sign(n, value) in "+-"
    except Undefined:
        return False


def _zero(n: Node) -> bool:
    return n.op == "const" and not n.value
