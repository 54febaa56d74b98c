"""Ask the whole theory of every entry in both library forms, keep answers and seconds, and say where the forms differ.

The file has one line of JSON per entry and form, so a measurement that was stopped goes on where it was. Seconds are
those of one audit in a warm worker; with ``LOSSCHECK_CACHE=off`` they are cold.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from losscheck.auditing import audit
from losscheck.catalogue import entries, find
from losscheck.catalogue.forms import LIBRARIES, in_form
from losscheck.plain import plain
from losscheck.property import properties

SLOWEST = 20


def measure(
    file: Path, *, forms: Sequence[str] = LIBRARIES, workers: int = 1, names: Sequence[str] | None = None
) -> Iterator[tuple[str, str, float]]:
    """Audit what ``file`` lacks, write each answer as it comes, and yield the entry, the form and the seconds."""
    kept = {(row["name"], row["form"]) for row in read(file)}
    pairs = [(name, form) for name in names or entries() for form in forms if (name, form) not in kept]
    with ThreadPoolExecutor(workers) as pool, file.open("a", encoding="utf-8") as lines:
        for row in pool.map(lambda pair: answers(*pair), pairs):
            lines.write(json.dumps(row) + "\n")
            lines.flush()
            yield row["name"], row["form"], row["seconds"]


def answers(name: str, form: str) -> dict[str, Any]:
    """Return what the theory says of one entry in one form, with its parameters and claims: one line of the file."""
    made, began = find(name), time.perf_counter()
    asked = [p.name for p in properties().values() if p.layer == "theory" and made.kind in p.kinds]
    quick = [name for name in asked if not properties()[name].required | properties()[name].one_of]
    found = audit(in_form(made.loss, form), properties=quick).findings if quick else ()
    return {
        "name": name,
        "form": form,
        "seconds": round(time.perf_counter() - began, 3),
        "findings": {f.id: [str(f.verdict), plain(f.value), round(f.seconds or 0.0, 3)] for f in found},
    }


def read(file: Path) -> list[dict[str, Any]]:
    """Return the lines that were written so far."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def differences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say where the verdict or the value of a finding differs between the forms of an entry that has both.

    >>> one = {"name": "hinge", "form": "numpy", "findings": {"convex": ["proved", None, 0.1]}}
    >>> differences([one, {**one, "form": "torch", "findings": {"convex": ["undecided", None, 0.1]}}])
    ["hinge: convex is ['proved', None] in numpy, ['undecided', None] in torch"]
    """
    by_name: dict[str, dict[str, Any]] = {}
    for row in rows:
        by_name.setdefault(row["name"], {})[row["form"]] = {key: said[:2] for key, said in row["findings"].items()}
    found = []
    for name, seen in by_name.items():
        if len(seen) == len(LIBRARIES):
            first, second = (seen[form] for form in LIBRARIES)
            for key in sorted({*first, *second}):
                if first.get(key) != second.get(key):
                    said = ", ".join(f"{seen[form].get(key)} in {form}" for form in LIBRARIES)
                    found.append(f"{name}: {key} is {said}")
    return found


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures of a measurement: verdicts and seconds by form, differences, the slowest questions."""
    text = []
    for form in LIBRARIES:
        own = [row for row in rows if row["form"] == form]
        verdicts = Counter(said[0] for row in own for said in row["findings"].values())
        said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "no findings"
        text.append(f"{form}: {len(own)} entries in {sum(row['seconds'] for row in own):.1f} s; {said}")
    unlike = differences(rows)
    text += [f"{len(unlike)} differences between the forms", *unlike, "slowest entries:"]
    slow = sorted(rows, key=lambda row: -row["seconds"])[:SLOWEST]
    text += [f"{row['seconds']:8.1f} s  {row['name']} ({row['form']}): {_worst(row)}" for row in slow]
    return "\n".join(text)


def _worst(row: Mapping[str, Any]) -> str:
    most = sorted(((said[2], key) for key, said in row["findings"].items()), reverse=True)[:3]
    return ", ".join(f"{key} {seconds:.1f}" for seconds, key in most)
