r"""Weighted sums of losses in which nothing that may be undefined cancels.

``1/2 (f + log z) + 1/2 (g - log z)`` is no number at z < 0, though the sum of the formulas is one there. A sum of
losses is therefore the sum of its formulas only if every logarithm, root and reciprocal of its parts is still in it, or
is shown to be defined at every point in question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import natural
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.points import whole_domain
from losscheck.verifier.terms import Node, walk


def partial_operations(*nodes: Node) -> set[Node]:
    """Logarithms and powers below some nodes that not every argument has."""
    return {n for n in walk(*nodes) if n.op == "log" or (n.op == "pow" and not natural(n))}


def weighted(case: Case, parts: Sequence[tuple[Fraction, Node]], sign_of: Callable[[Node], str] | None = None) -> Node:
    """``sum of weight * part``, where parts of weight 0 count for nothing; rejects where something cancels.

    ``sign_of`` gives the sign of a node on the open set in question, by default the whole domain.
    """
    total = case.pool.linear(*parts)
    lost = partial_operations(*(n for w, n in parts if w)) - partial_operations(total)
    if lost:
        read = sign_of or (partial(on_line, case) if len(case.variables) == 1 else partial(on_domain, case))
        expect(all(_defined(n, read) for n in lost), "something cancels that is not shown to be defined")
    return total


def on_line(case: Case, n: Node) -> str:
    """The sign of a node of one variable on the open domain."""
    low, high = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
    return interval_sign(case.pool, n, case.variables[0], low, high)


def on_domain(case: Case, n: Node) -> str:
    """The sign of a node on the whole domain."""
    try:
        return sign(n, whole_domain(case))
    except Undefined:
        return "?"


def _defined(n: Node, read: Callable[[Node], str]) -> bool:
    fine = "+" if n.op == "log" else "+-" if n.value.denominator == 1 else "+p0" if n.value > 0 else "+"
    return read(n.args[0]) in fine
