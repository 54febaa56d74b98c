"""Losses with a signature of their own: rational points of their region, and what moves their arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.identity import positive_multiple
from losscheck.verifier.off_zero import never_zero
from losscheck.verifier.points import Point
from losscheck.verifier.rows import Rows
from losscheck.verifier.terms import Node
from losscheck.verifier.vanished import domain
from losscheck.verifier.weighted import partial_operations

PROPERTIES = {
    "shift": "shift_invariant",
    "scale": "scale_invariant",
    "permutation": "permutation_equivariant",
    "exchange": "symmetric_arguments",
}


def rows_of(case: Case) -> Rows:
    """The arguments of the loss."""
    expect(case.rows is not None, "the loss has no signature of its own")
    assert case.rows is not None
    return case.rows


def label_index(case: Case, label: Any) -> int:
    """The index of a root, checked."""
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    return int(label)


def askable(rows: Rows, under: str) -> bool:
    """Whether the question has a meaning for these arguments."""
    if under == "permutation":
        return rows.batch is not None and rows.batch > 1
    if under == "exchange":
        pair = [(a.axes, a.shape, a.domain) for a in rows.floats]
        return len(pair) == 2 and pair[0] == pair[1]
    return rows.real and (under == "scale" or len({len(v) for v in rows.vectors()}) == 1)


def moves(case: Case, under: str) -> Iterator[tuple[dict[Node, Node], list[int | None]]]:
    """What the variables become, and the root that each root becomes, for moves that generate all of them."""
    pool, rows, same = case.pool, rows_of(case), list[int | None](range(len(case.roots)))
    if under == "permutation":
        for i in range((rows.batch or 1) - 1):
            names, roots = rows.swapped(i, i + 1)
            yield {pool.var(a): pool.var(b) for a, b in names.items()}, roots
    elif under == "exchange":
        first, second = (rows.entries(a) for a in rows.floats)
        pairs = [*zip(first, second, strict=True), *zip(second, first, strict=True)]
        yield {pool.var(a): pool.var(b) for a, b in pairs}, same
    elif under == "scale":
        c = pool.exp(pool.var("the factor"))
        yield {pool.var(x): pool.mul(c, pool.var(x)) for x in case.variables}, same
    else:
        vectors = rows.vectors()
        step = [pool.var(f"the shift {k}") for k in range(len(vectors[0]))]
        yield {pool.var(x): pool.add(pool.var(x), c) for v in vectors for x, c in zip(v, step, strict=True)}, same


def moved(case: Case, under: str, at: Point, by: Any) -> tuple[Point, list[int | None]]:
    """A rational point after one move: by the rows [i, j], by a factor > 0, by a shift of every coordinate."""
    rows, same = rows_of(case), list[int | None](range(len(case.roots)))
    if under == "permutation":
        i, j = by
        expect(all(type(k) is int and 0 <= k < (rows.batch or 0) for k in by), "two rows of the batch")
        names, roots = rows.swapped(i, j)
        return {a: at[b] for a, b in names.items()}, roots
    if under == "exchange":
        first, second = (rows.entries(a) for a in rows.floats)
        return {**at, **dict(zip([*first, *second], [at[x] for x in [*second, *first]], strict=True))}, same
    if under == "scale":
        c = rational(by)
        expect(c > 0, "the factor is positive")
        return {x: c * q for x, q in at.items()}, same
    vectors, step = rows.vectors(), [rational(c) for c in by]
    return {x: at[x] + c for v in vectors for x, c in zip(v, step, strict=True)}, same


Sort = tuple[str, bool, bool]


def same_domain(case: Case, change: dict[Node, Node], images: Sequence[int | None]) -> bool:
    """Whether each loss is defined at a point iff the one that a move makes of it is after the move.

    What is under a logarithm, a root or a reciprocal becomes a positive multiple of what is under one of the same sort
    in the loss it came from; a divisor that is never 0 is left out.
    """
    pool = case.pool
    region = domain(case)
    read = [_under(root, region) for root in case.roots]

    def found(b: Node, whole: bool, own: set[Node]) -> bool:
        moved = pool.substitute(b, change)
        return moved in own or any(positive_multiple(pool, moved, other, whole) for other in own)

    return all(
        found(b, sort[1], own.get(sort, set()))
        for own, image in zip(read, images, strict=True)
        for sort, bases in (read[image] if image is not None else {}).items()
        for b in bases
    )


def _under(root: Node, region: Enclosure) -> dict[Sort, set[Node]]:
    """What is under the logarithms, roots and reciprocals of a loss, by their sort."""
    sorts: dict[Sort, set[Node]] = {}
    for n in partial_operations(root):
        whole = n.op == "pow" and n.value.denominator == 1
        if not (whole and never_zero(n.args[0], region)):
            sorts.setdefault((n.op, whole, n.op == "pow" and n.value > 0), set()).add(n.args[0])
    return sorts
