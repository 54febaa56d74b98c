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
    if condition.op == "not":
        condition, yes, no = condition.args[0], no, yes
    if condition.op not in ("lt", "le", "eq"):
        return None
    a, b = condition.args
    if condition.op == "eq":
        return (no, yes) if (_zero(a) and b is no) or (_zero(b) and a is no) else None
    above, other = (yes, no) if condition.op == "lt" else (no, yes)  # above where its guard is > 0
    if condition.op == "lt":
        guard = b if _zero(a) else _turned(a) if _zero(b) else None
    else:
        guard = a if _zero(b) else _turned(b) if _zero(a) else None
    return (above, other) if guard is above else None


def _turned(n: Node) -> Node | None:
    """s, of -s."""
    return n.args[0] if n.op == "add" and len(n.args) == 1 and not n.value[0] and n.value[1] == -1 else None


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
