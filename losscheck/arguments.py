"""Read what the command line was given: parameters, claims, waivers, properties and numbers of classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from losscheck.claim import parse_claim
from losscheck.identifier import parse_identifier, parse_value, split_outside
from losscheck.ranges import read


def pairs(option: str, given: Iterable[str]) -> dict[str, str]:
    """Read ``key=text`` words; the first ``=`` outside brackets ends the key, which may be a finding's id.

    Raises
    ------
    ValueError
        If a word has no ``=`` outside brackets, or a key comes twice.

    >>> pairs("--claims", ["lipschitz[norm=l2]=1.5"])
    {'lipschitz[norm=l2]': '1.5'}
    """
    read: dict[str, str] = {}
    for word in given:
        key, *rest = split_outside(word, "=")
        if not rest or not key:
            raise ValueError(f"{option} {word!r} has no value; write {option} key=value")
        if key in read:
            raise ValueError(f"{option} gives {key!r} twice: {read[key]!r} and {'='.join(rest)!r}; keep one")
        read[key] = "=".join(rest)
    return read


def claims(given: Iterable[str]) -> dict[str, Any]:
    """Read ``id=claim`` words, such as ``convex=true``, ``lipschitz[norm=l2]=1`` or ``smoothness=[0,1]``.

    >>> claims(["convex=true", "smoothness=[0,1]", 'proper={"slack": 1e-8}'])
    {'convex': True, 'smoothness': (0, 1), 'proper': {'slack': 1e-08}}
    """
    read = {key: parse_claim(key, parse_value(text)) for key, text in pairs("--claims", given).items()}
    for key in read:
        parse_identifier(key)
    return read


def params(given: Iterable[str]) -> dict[str, Any]:
    """Read ``name=value`` words, the values as JSON where they are JSON; ``low..high`` is a range.

    >>> params(["gamma=2.0", "reduction=sum", "alpha=0..1"])
    {'gamma': 2.0, 'reduction': 'sum', 'alpha': (0, 1)}
    """
    return {key: read(text) or parse_value(text) for key, text in pairs("--params", given).items()}


def values(given: Iterable[str]) -> dict[str, list[Any]]:
    """Read ``name=value,value`` words as the values a sweep goes through.

    >>> values(["gamma=0,0.5,2", "reduction=sum", "w=[1,2]"])
    {'gamma': [0, 0.5, 2], 'reduction': ['sum'], 'w': [[1, 2]]}
    """
    return {
        key: [parse_value(each) for each in split_outside(text, ",")] for key, text in pairs("--params", given).items()
    }


def properties(given: str | None) -> list[str | tuple[str, dict[str, Any]]] | None:
    """Read ``a,b[key=value]`` as the list that ``audit`` takes.

    Raises
    ------
    ValueError
        If an entry names a dtype or K, which have options of their own.

    >>> properties("convex,lipschitz[norm=linf]")
    ['convex', ('lipschitz', {'norm': 'linf'})]
    """
    if given is None:
        return None
    read: list[str | tuple[str, dict[str, Any]]] = []
    for entry in split_outside(given, ","):
        asked = parse_identifier(entry)
        if asked.dtype is not None or asked.n_classes is not None:
            raise ValueError(f"--properties {entry!r} names a dtype or K; give them with --dtypes and --classes")
        read.append((asked.property, asked.params) if asked.params else asked.property)
    return read


def classes(given: str) -> int | tuple[int, ...]:
    """Read one number of classes or several with commas between.

    Raises
    ------
    ValueError
        If one is not an integer of at least 2.

    >>> classes("3"), classes("2,3,5")
    (3, (2, 3, 5))
    """
    words = given.split(",")
    if not all(word.isascii() and word.isdigit() and int(word) >= 2 for word in words):
        raise ValueError(
            f"--classes {given!r} is not a number of classes; write 3, or several as 2,3,5 (each at least 2)"
        )
    read = tuple(int(word) for word in words)
    return read[0] if len(read) == 1 else read


def kinds(given: str | None, targets: int) -> list[str | None]:
    """Read one kind for all ``targets``, or one for each with commas between.

    Raises
    ------
    ValueError
        If there are several kinds, but not one for each target.

    >>> kinds("logits,binary", 2), kinds("margin", 2), kinds(None, 1)
    (['logits', 'binary'], ['margin', 'margin'], [None])
    """
    if given is None:
        return [None] * targets
    read = given.split(",")
    if len(read) not in (1, targets):
        raise ValueError(f"--kind {given!r} has {len(read)} kinds for {targets} targets; give one, or one for each")
    return [*read] * (targets if len(read) == 1 else 1)
