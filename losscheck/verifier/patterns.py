"""Pairs of vectors of the unit cube by the order of their entries: signs of rational functions on every pattern.

A pattern says of each entry whether ``x_i = y_i + t_i`` or ``y_i = x_i + t_i``, with t_i >= 0; together they are all
pairs. On a pattern absolute values, maxima and minima of entries are resolved, and what is left is read as a quotient
of polynomials in the smaller entries and the gaps, all of which are >= 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.pairs import names
from losscheck.verifier.pieces import resolve
from losscheck.verifier.terms import Node, Pool, walk

MOST, DEGREE, TERMS = 6, 12, 20_000


@dataclass(frozen=True)
class Pattern:
    """One order of the entries: the smaller entries, the gaps, and the changes of variables."""

    small: tuple[str, ...]
    gaps: tuple[str, ...]
    changes: dict[Node, Node]


def patterns(case: Case) -> Iterator[Pattern]:
    """All orders of the entries."""
    pool, (first, second) = case.pool, names(case)
    expect(len(first) <= MOST, f"more than {MOST} entries have too many patterns")
    gaps = tuple(f"t{i}" for i in range(len(first)))
    for order in product((True, False), repeat=len(first)):
        small = tuple(b if up else a for a, b, up in zip(first, second, order, strict=True))
        large = tuple(a if up else b for a, b, up in zip(first, second, order, strict=True))
        moved = zip(large, small, gaps, strict=True)
        yield Pattern(small, gaps, {pool.var(x): pool.add(pool.var(y), pool.var(t)) for x, y, t in moved})


def positive_where(pool: Pool, n: Node, pattern: Pattern, moved: Sequence[str]) -> bool:
    """Whether a node, defined there, is positive on a pattern as soon as one of the ``moved`` variables is."""
    there = pool.substitute(n, pattern.changes)
    variables = (*pattern.small, *pattern.gaps)
    for x in moved:
        value = Enclosure(ranges(dict.fromkeys(variables, (Fraction(0), Fraction(1)))))
        value.signs[pool.var(x).id] = "+"

        def sign_of(m: Node, value: Enclosure = value) -> str:
            try:
                return sign(m, value)
            except Undefined:
                return "?"

        for choice in choices(pool, there, sign_of):
            plain = resolve(pool, choice, "", None, None, sign_of)
            if sign_of(plain) != "+" and not _quotient_positive(plain, variables, x):
                return False
    return True


def choices(pool: Pool, n: Node, sign_of: Callable[[Node], str]) -> list[Node]:
    """The node with each maximum and minimum whose order is open replaced by each of its arguments in turn.

    At every point the node equals one of them, with the same denominators: what is shown of all is shown of the node.
    """

    def is_open(m: Node) -> bool:
        wins = "+p0" if m.op == "max" else "-m0"
        return m.op in ("max", "min") and not any(
            all(sign_of(pool.sub(a, b)) in wins for b in m.args if b is not a) for a in m.args
        )

    todo: list[Node] = [n]
    found: list[Node] = []
    while todo:
        expect(len(todo) + len(found) <= 8, "too many maxima are open")
        one = todo.pop()
        first = next((m for m in walk(one) if is_open(m)), None)
        if first is None:
            found.append(one)
        else:
            todo += [pool.substitute(one, {first: a}) for a in first.args]
    return found


def _quotient_positive(n: Node, variables: Sequence[str], moved: str) -> bool:
    """Whether numerator and denominator have no negative coefficient, and the numerator a pure power of ``moved``.

    A denominator without negative coefficients is >= 0, and it is not 0 where the node is defined.
    """
    found = quotient(n, variables)
    if found is None:
        return False
    above, below = (p.to_dict() for p in found)
    if not below or min(below.values()) < 0 or not above or min(above.values()) < 0:
        return False
    at = variables.index(moved)
    return any(sum(m) == m[at] for m in above)  # a constant counts as well


def quotient(n: Node, variables: Sequence[str]) -> tuple[Any, Any] | None:
    """A node as ``(numerator, denominator)``, or None if it is no small rational function."""
    ring = fmpq_mpoly_ctx.get(tuple(variables), Ordering.lex)
    gens = dict(zip(variables, ring.gens(), strict=True))
    one = ring.constant(1)
    done: dict[Node, tuple[Any, Any]] = {}
    for m in walk(n):
        parts = [done[a] for a in m.args if a in done]
        if len(parts) < len(m.args):
            return None
        if m.op == "var":
            done[m] = gens[m.value], one
        elif m.op == "const":
            done[m] = ring.constant(fmpq(m.value.numerator, m.value.denominator)), one
        elif m.op == "add":
            total = ring.constant(fmpq(m.value[0].numerator, m.value[0].denominator)), one
            for c, (a, b) in zip(m.value[1:], parts, strict=True):
                scaled = a * fmpq(c.numerator, c.denominator)
                same = b == total[1]
                total = (total[0] + scaled, b) if same else (total[0] * b + scaled * total[1], total[1] * b)
            done[m] = total
        elif m.op == "mul":
            above, below = one, one
            for a, b in parts:
                above, below = above * a, below * b
            done[m] = above, below
        elif m.op == "pow" and m.value.denominator == 1 and abs(m.value) <= 4:
            a, b = parts[0] if m.value > 0 else parts[0][::-1]
            e = abs(m.value.numerator)
            done[m] = a**e, b**e
        else:
            return None
        a, b = done[m]
        Budget.spend(len(a) + len(b))
        if not b or max(len(a), len(b)) > TERMS or max(a.total_degree(), b.total_degree()) > DEGREE:
            return None
    return done[n]
