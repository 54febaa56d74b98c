"""What a change of variables makes of the logarithms and powers of a graph; none that is undefined may be lost by it.

Of ``y log(yhat)`` nothing is left at y = 0, and of ``(z_0 - z_1) log(z_2)`` along a line with z_0 = z_1. What is said
of such a slice or line is about the loss only where what is gone was a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from losscheck.verifier.absorbed import absorbed
from losscheck.verifier.certificate import expect
from losscheck.verifier.guards import Guards, kept, parts_of, places, read_under
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.vanished import partial


def carried(pool: Pool, roots: Sequence[Node], change: Mapping[Node, Node]) -> list[tuple[Node, Guards]]:
    """What logarithms and powers below some roots become, and exponentials that become powers, with their branches.

    Logarithms that only write such a power are left out.
    """
    made, change = walk(*roots), dict(change)
    users: dict[Node, list[Node]] = {root: [pool.zero] for root in roots}  # the caller uses them
    for n in made:
        for a in n.args:
            users.setdefault(a, []).append(n)
    powers = {n for n in made if n.op == "exp" and pool.substitute(n, change).op == "pow"}
    scales = {n for n in made if n.op == "mul" or (n.op == "add" and len(n.args) == 1 and not n.value[0])}
    silent = absorbed([n for n in made if n.op == "log"], users, scales, powers)
    found = [n for n in made if (partial(n) or n in powers) and n not in silent]
    read = places(reversed(made), roots, parts_of, False) if found else {}
    return [
        (pool.substitute(n, change), frozenset((pool.substitute(c, change), said) for c, said in way))
        for n in found for way in read[n]
    ]  # fmt: skip


def nothing_lost(
    pool: Pool, before: Node, after: Node, change: Mapping[Node, Node], sign_of: Callable[[Node], str]
) -> None:
    """Check that what a change takes away from a graph was a number, by signs on the slice or line it leads to."""
    still = kept([after])
    for n, way in carried(pool, [before], change):
        gone = () if read_under(n, way, still) else [m for m in walk(n) if partial(m) and not read_under(m, way, still)]
        for m in gone:
            whole = m.op == "pow" and m.value.denominator == 1
            fine = "+-" if whole else "+p0" if m.op == "pow" and m.value > 0 else "+"
            expect(sign_of(m.args[0]) in fine, "a logarithm or a power that may have no value is gone on the line")
