"""The ledger: every claim of the catalogue with its verdict, as it was when ``ledger.json`` was last written."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    return MappingProxyType({name: tuple(lines) for name, lines in read(FILE).items()})


def line_of(name: str, claim: Claim) -> Decided | None:
    """Return the line about this claim, None where the ledger has none: a behaviour, or a claim newer than the file."""
    return next((line for line in ledger().get(name, ()) if _is_about(line, claim)), None)


def update(
    file: Path = FILE, *, again: Collection[str] = (), effort: str = "ci", workers: int = 1
) -> Iterator[tuple[str, int]]:
    """Decide what the ledger lacks, and the entries named in ``again``; write it after every entry: it can be resumed.

    Yields the name of each entry that was decided, with its number of claims; entries that have left the catalogue
    leave the ledger. Each of the ``workers`` is a process of its own.
    """
    current = entries()
    kept = read(file) if file.exists() else {}
    lines = {name: kept[name] for name in current if name in kept and _fits(current[name], kept[name])}
    asked = [name for name in current if name not in lines or name in again]
    with ThreadPoolExecutor(workers) as pool:
        for name, found in zip(asked, pool.map(lambda name: decide(current[name], effort), asked), strict=True):
            lines[name] = found
            _write(file, {each: lines[each] for each in current if each in lines})
            yield name, len(found)
    _write(file, {each: lines[each] for each in current})


def summary(lines: Mapping[str, Sequence[Decided]]) -> str:
    """Return the counts of a ledger: verdicts, how claims stand, and verdicts by the rule that decided them.

    >>> hinge = Decided("convex", True, "derived", "proved", "met", "", {}, method="convex_by_pieces")
    >>> print(summary({"hinge": [hinge]}))
    1 claims of 1 losses: 1 proved
    standing: 1 met
    by rule of the verifier:
         1 proved  convex_by_pieces
    """
    every = [line for rows in lines.values() for line in rows]

    def counts(field: str) -> str:
        found = Counter(getattr(line, field) for line in every)
        return ", ".join(f"{count} {name}" for name, count in found.most_common())

    text = [f"{len(every)} claims of {sum(map(bool, lines.values()))} losses: {counts('verdict')}"]
    text += [f"standing: {counts('standing')}", "by rule of the verifier:"]
    rules = Counter((line.verdict, line.method or "no certificate") for line in every)
    return "\n".join([*text, *(f"{count:6d} {verdict}  {rule}" for (verdict, rule), count in rules.most_common())])


def _is_about(line: Decided, claim: Claim) -> bool:
    said = (line.finding, plain(line.claim), line.params, line.source, line.disputed)
    return said == (claim.finding, plain(claim.value), plain(dict(claim.params)), claim.source, claim.disputed)


def _fits(made: Entry, lines: list[Decided]) -> bool:
    claims = theory_claims(made)
    return len(claims) == len(lines) and all(map(_is_about, lines, claims))


def read(file: Path) -> dict[str, list[Decided]]:
    """Return the lines of a file by entry.

    Raises
    ------
    ValueError
        If the file is none of ours.
    """
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
