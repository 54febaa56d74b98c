"""``[tool.losscheck]`` in pyproject.toml: what ``losscheck ci`` audits, what is claimed, what is waived and why.

.. code-block:: toml

    [tool.losscheck]
    targets = ["mine.losses:focal", { target = "mine/margins.py:hinge", kind = "margin", claims = { convex = true } }]
    kind = "logits"                   # what a target does not say itself
    baseline = "losscheck.json"       # gate only on what is worse than there

``configuration.schema.json``, next to this file, says the same to editors; the file is read as hostile input.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from losscheck.claim import parse_claim
from losscheck.identifier import parse_identifier
from losscheck.kinds import KINDS

LARGEST = 1 << 20
"""Bytes of a pyproject.toml that is read."""


@dataclass(frozen=True)
class Configuration:
    """What ``losscheck ci`` runs: each target with the arguments of its audit, and how the run is judged."""

    audits: tuple[tuple[str, dict[str, Any]], ...]
    strict: bool = False
    baseline: str | None = None


def configuration(path: Path) -> Configuration:
    """Read the table ``tool.losscheck`` of a TOML file.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no TOML, has no such table, or the table says something it may not; the message says where.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"there is no {path} here; run this in the project's folder, or name the file with --config FILE"
        )
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} has more than {LARGEST >> 20} MiB; give a pyproject.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"{path} is no TOML: {problem}") from None
    tool = data.get("tool")
    table = tool.get("losscheck") if isinstance(tool, dict) else None
    if table is None:
        raise ValueError(f'{path} has no table [tool.losscheck]; write one: targets = ["package.module:attr"]')
    try:
        return read(table)
    except RecursionError:
        raise ValueError(f"{path} nests values too deeply to be a table of losscheck's") from None


def read(table: Any) -> Configuration:
    """Return what the table says.

    Raises
    ------
    ValueError
        Naming the key, what it has and what it may have.

    >>> read({"targets": ["mine:loss"], "kind": "margin"}).audits
    (('mine:loss', {'kind': 'margin'}),)
    """
    whole = _table("tool.losscheck", table, {**_AUDIT, **_RUN})
    shared = {key: value for key, value in whole.items() if key in _AUDIT}
    audits: list[tuple[str, dict[str, Any]]] = []
    for number, entry in enumerate(whole.get("targets", [])):
        at = f"tool.losscheck.targets[{number}]"
        given = {"target": entry} if isinstance(entry, str) else entry
        one = _table(at, given, {**_AUDIT, "target": _text})
        if "target" not in one:
            raise ValueError(f'{at} names no target; add target = "package.module:attr"')
        asked = {**shared, **one}
        target = asked.pop("target")
        if (target, asked) in audits:
            raise ValueError(f"{at} asks the same of {target!r} a second time; keep one")
        audits.append((target, asked))
    if not audits:
        raise ValueError('tool.losscheck.targets names nothing; write targets = ["package.module:attr"]')
    return Configuration(tuple(audits), whole.get("strict", False), whole.get("baseline"))


def _table(at: str, given: Any, known: Mapping[str, Callable[[str, Any], Any]]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"{at} = {_shown(given)} is a {type(given).__name__}; write a table")
    for key in given:
        if key not in known:
            close = difflib.get_close_matches(key[:100], known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"it may have {', '.join(sorted(known))}"
            raise ValueError(f"{at} has no key {_shown(key)}; {hint}")
    return {key: known[key](f"{at}.{key}", value) for key, value in given.items()}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def _wrong(at: str, given: Any, allowed: str) -> ValueError:
    return ValueError(f"{at} = {_shown(given)} is not allowed; give {allowed}")


def _text(at: str, given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise _wrong(at, given, "a string that is not empty")
    return given


def _one_of(*allowed: str) -> Callable[[str, Any], str]:
    def check(at: str, given: Any) -> str:
        if given not in allowed:
            raise _wrong(at, given, f"one of {', '.join(allowed)}")
        return str(given)

    return check


def _flag(at: str, given: Any) -> bool:
    if not isinstance(given, bool):
        raise _wrong(at, given, "true or false")
    return given


def _count(at: str, given: Any, least: int = 0) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise _wrong(at, given, f"an integer of at least {least}")
    return given


def _classes(at: str, given: Any) -> int | tuple[int, ...]:
    if isinstance(given, list) and given and len({*map(str, given)}) == len(given):
        return tuple(_count(at, each, 2) for each in given)
    return _count(at, given, 2)


def _positive(at: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < float("inf"):
        raise _wrong(at, given, "a positive number of seconds")
    return given


def _dtypes(at: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise _wrong(at, given, "a list of dtypes")
    return tuple(_one_of("float64", "float32", "float16", "bfloat16")(at, each) for each in given)


def _params(at: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _wrong(at, given, "a table of keyword arguments")
    try:
        json.dumps(given)  # TOML has dates, which no loss takes
    except (TypeError, ValueError, RecursionError):
        raise _wrong(at, given, "numbers, strings, booleans, lists and tables") from None
    return given


def _claims(at: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _wrong(at, given, "a table: convex = true")
    for key in given:
        parse_identifier(key)
    return {key: parse_claim(key, value) for key, value in given.items()}


def _waive(at: str, given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _wrong(at, given, 'a table with a reason each: collapse_free = "known, see issue 12"')
    for key, reason in given.items():
        parse_identifier(key)
        _text(f"{at}.{key}", reason)
    return given


def _properties(at: str, given: Any) -> list[str | tuple[str, dict[str, Any]]]:
    if not isinstance(given, list) or not given:
        raise _wrong(at, given, 'a list of properties: ["convex", "lipschitz[norm=linf]"]')
    read: list[str | tuple[str, dict[str, Any]]] = []
    for each in given:
        asked = parse_identifier(_text(at, each))
        if asked.dtype is not None or asked.n_classes is not None:
            raise _wrong(at, each, "properties; dtypes and n_classes have keys of their own")
        read.append((asked.property, asked.params) if asked.params else asked.property)
    return read


def _targets(at: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _wrong(at, given, 'a list: ["package.module:attr"]')
    return given


# Key -> what reads its value; the schema has the same keys, a test compares.
_AUDIT: dict[str, Callable[[str, Any], Any]] = {
    "kind": _one_of(*KINDS),
    "signature": _text,
    "n_classes": _classes,
    "params": _params,
    "claims": _claims,
    "waive": _waive,
    "properties": _properties,
    "dtypes": _dtypes,
    "device": _text,
    "effort": _one_of("quick", "ci", "thorough"),
    "timeout": _positive,
    "seed": _count,
}
_RUN: dict[str, Callable[[str, Any], Any]] = {"targets": _targets, "strict": _flag, "baseline": _text}
