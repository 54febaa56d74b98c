"""Under which branches a part of a graph is read: the conditions, and their answers, on the way from the roots to it.

Of ``where(v > 1, log v, 0) + log v - log v`` the logarithm is read everywhere as it is written, but under ``v > 1``
alone once its difference is 0. A part read under some answers is still read there by whoever keeps fewer of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from losscheck.verifier.budget import Budget
from losscheck.verifier.terms import Node, walk

Guards = frozenset[tuple[Node, bool]]
"""Conditions with their answers."""
T = TypeVar("T", int, Node)
ALWAYS: Guards = frozenset()
MOST = 16
"""Ways to a part that are told apart."""


def branches(condition: Node, args: Sequence[T]) -> list[tuple[T, Guards]]:
    """The condition and the branches of ``where``, each with what must hold for it to be read."""
    if condition.op in ("true", "false"):
        return [(args[1 if condition.op == "true" else 2], ALWAYS)]
    true, false = frozenset({(condition, True)}), frozenset({(condition, False)})
    return [(args[0], ALWAYS), (args[1], true), (args[2], false)]


def places(
    users_first: Iterable[T], roots: Iterable[T], parts: Callable[[T], Iterable[tuple[T, Guards]]], least: bool
) -> dict[T, set[Guards]]:
    """For every part the sets of answers under which it is read.

    Of more than 16 of them, which happens in nests of branches alone, some are left out where the ``least`` is asked
    for; else the part counts as read everywhere.
    """
    found: dict[T, set[Guards]] = {r: {ALWAYS} for r in roots}
    for n in users_first:
        for part, more in parts(n) if n in found else ():
            known = found.setdefault(part, set())
            for way in sorted(found[n], key=len):
                Budget.spend(1 + len(way) + len(known))
                longer = way | more
                if not any(k <= longer for k in known):
                    known.difference_update([k for k in known if longer <= k])
                    if len(known) < MOST:
                        known.add(longer)
                    elif not least:
                        known.clear()
                        known.add(ALWAYS)
    return found


def kept(roots: Collection[Node]) -> dict[Node, set[Guards]]:
    """For every node below the roots, answers under which it is surely read."""
    nodes = walk(*roots)
    if all(n.op != "where" for n in nodes):
        return {n: {ALWAYS} for n in nodes}
    return places(reversed(nodes), roots, parts_of, True)


def parts_of(n: Node) -> list[tuple[Node, Guards]]:
    """The arguments of a node, each with what must hold for it to be read."""
    return branches(n.args[0], n.args) if n.op == "where" else [(a, ALWAYS) for a in n.args]


def read_under(n: Node, guards: Guards, places: dict[Node, set[Guards]]) -> bool:
    """Whether a node is read wherever these answers hold."""
    return any(k <= guards for k in places.get(n, ()))
