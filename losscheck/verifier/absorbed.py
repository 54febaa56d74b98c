"""Logarithms that only write a power: ``exp(3/2 log b)``, which the pool reads as ``b ** (3/2)``, 0 at b = 0."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def absorbed(logs: Iterable[K], users: Mapping[K, Iterable[K]], scales: set[K], powers: set[K]) -> set[K]:
    """The logarithms of which nothing is made but multiples, and of these nothing but powers.

    Of ``exp(3/2 log b) + log b - log b`` the logarithm has other users, so that it still has to be defined.

    >>> sorted(absorbed(["l", "m"], {"l": ["s"], "m": ["s", "t"], "s": ["e"]}, {"s"}, {"e"}))
    ['l']
    """

    def only_powers(n: K, top: bool) -> bool:
        found = list(users.get(n, ()))
        return bool(found) and all((not top and u in powers) or (u in scales and only_powers(u, False)) for u in found)

    return {n for n in logs if only_powers(n, True)}
