"""The ledger: every claim of the catalogue with its verdict, as it was when ``ledger.json`` was last written."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from losscheck.catalogue import entries
from losscheck.catalogue.entry import Claim, Entry
from losscheck.gallery.decided import Decided
from losscheck.gallery.deciding import decide, theory_claims
from losscheck.plain import plain

FILE = Path(__file__).parents[1] / "catalogue" / "ledger.json"


@cache
def ledger() -> Mapping[str, tuple[Decided, ...]]:
    """Return the lines of every entry by its name.

    Raises
    ------
    ValueError
        If the file is none of ours.
    """
    return MappingProxyType({name: tuple(lines) for name, lines in _read(FILE).items()})


def line_of(name: str, claim: Claim) -> Decided | None:
    """Return the line about this claim, None where the ledger has none: a behaviour, or a claim newer than the file."""
    return next((line for line in ledger().get(name, ()) if _is_about(line, claim)), None)


def update(file: Path = FILE, *, again: Collection[str] = (), effort: str = "ci") -> Iterator[tuple[str, int]]:
    """Decide what the ledger lacks, and the entries named in ``again``; write it after every entry: it can be resumed.

    Yields the name of each entry that was decided, with its number of claims; entries that have left the catalogue
    leave the ledger.
    """
    current = entries()
    kept = _read(file) if file.exists() else {}
    lines = {name: kept[name] for name in current if name in kept and _fits(current[name], kept[name])}
    for name, made in current.items():
        if name not in lines or name in again:
            lines[name] = decide(made, effort)
            _write(file, {each: lines[each] for each in current if each in lines})
            yield name, len(lines[name])
    _write(file, {each: lines[each] for each in current})


def _is_about(line: Decided, claim: Claim) -> bool:
    said = (line.finding, plain(line.claim), line.params, line.source, line.disputed)
    return said == (claim.finding, plain(claim.value), plain(dict(claim.params)), claim.source, claim.disputed)


def _fits(made: Entry, lines: list[Decided]) -> bool:
    claims = theory_claims(made)
    return len(claims) == len(lines) and all(map(_is_about, lines, claims))


def _read(file: Path) -> dict[str, list[Decided]]:
    data = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not all(isinstance(rows, list) for rows in data.values()):
        raise ValueError(f"{file} is not a ledger; delete it, and run python -m losscheck.gallery ledger")
    return {name: [Decided.from_dict(row) for row in rows] for name, rows in data.items()}


def _write(file: Path, lines: Mapping[str, list[Decided]]) -> None:
    """Write one line of text per claim, through a second file: an interrupted run leaves a whole ledger."""
    parts: list[str] = []
    for name, rows in lines.items():
        texts = [json.dumps(row.to_dict(), sort_keys=True) for row in rows]
        parts.append(f"{json.dumps(name)}: [" + ",".join(f"\n  {text}" for text in texts) + "]")
    beside: Any = file.with_suffix(".part")
    beside.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    os.replace(beside, file)
