"""Ask a whole layer of every entry in both library forms, keep answers and seconds, and say where the forms differ.

Of the theory verdicts and values are compared, of behaviour (float64 and float32, ``effort="quick"``) verdicts and
severities, where both forms can be asked: gradients are of torch, and what a finding measures is of the inputs that
were drawn.

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
from losscheck.finding import Finding
from losscheck.plain import plain
from losscheck.property import properties

SLOWEST = 20
DTYPES = ("float64", "float32")
"""What the behaviour of both libraries is compared in: NumPy has no bfloat16."""


def measure(
    file: Path,
    *,
    layer: str = "theory",
    forms: Sequence[str] = LIBRARIES,
    workers: int = 1,
    names: Sequence[str] | None = None,
) -> Iterator[tuple[str, str, float]]:
    """Audit what ``file`` lacks, write each answer as it comes, and yield the entry, the form and the seconds."""
    kept = {(row["name"], row["form"]) for row in read(file)}
    pairs = [(name, form) for name in names or entries() for form in forms if (name, form) not in kept]
    with ThreadPoolExecutor(workers) as pool, file.open("a", encoding="utf-8") as lines:
        for row in pool.map(lambda pair: answers(pair[0], pair[1], layer), pairs):
            lines.write(json.dumps(row) + "\n")
            lines.flush()
            yield row["name"], row["form"], row["seconds"]


def answers(name: str, form: str, layer: str = "theory") -> dict[str, Any]:
    """Return what a layer says of one entry in one form, with its parameters and claims: one line of the file."""
    made, began = find(name), time.perf_counter()
    asked = [p for p in properties().values() if p.layer == layer and (layer == "behaviour" or made.kind in p.kinds)]
    quick = [p.name for p in asked if not p.required | p.one_of]
    how: dict[str, Any] = {"dtypes": DTYPES, "effort": "quick"} if layer == "behaviour" else {}
    found = audit(in_form(made.loss, form), properties=quick, **how).findings if quick else ()
    return {
        "name": name,
        "form": form,
        "layer": layer,
        "seconds": round(time.perf_counter() - began, 3),
        "findings": {f.id: [str(f.verdict), _beside(f), round(f.seconds or 0.0, 3)] for f in found},
    }


def _beside(finding: Finding) -> Any:
    return plain(finding.value) if finding.layer == "theory" else str(finding.severity)


def read(file: Path) -> list[dict[str, Any]]:
    """Return the lines that were written so far."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def differences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say where the verdict or the value of a finding differs between the forms of an entry that has both.

    >>> one = {"name": "hinge", "form": "numpy", "findings": {"convex": ["proved", None, 0.1]}}
    >>> differences([one, {**one, "form": "torch", "findings": {"convex": ["undecided", None, 0.1]}}])
    ["hinge: convex is ['proved', None] in numpy, ['undecided', None] in torch"]
    """
    found = []
    for name, seen in _by_name(rows):
        for key in sorted(_compared(seen)):
            if seen[LIBRARIES[0]].get(key) != seen[LIBRARIES[1]].get(key):
                said = ", ".join(f"{seen[form].get(key)} in {form}" for form in LIBRARIES)
                found.append(f"{name}: {key} is {said}")
    return found


def asked_of_one(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Count, by property, the findings of behaviour that only one form of an entry can be asked for."""
    return Counter(
        key.split("[")[0] for _, seen in _by_name(rows) for key in {*seen["numpy"], *seen["torch"]} - _compared(seen)
    )


def both(rows: Sequence[Mapping[str, Any]]) -> int:
    """Count the findings that are compared."""
    return sum(len(_compared(seen)) for _, seen in _by_name(rows))


def _by_name(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries with rows in both forms, and by form what is compared of each finding, and the layer."""
    by_name: dict[str, dict[str, Any]] = {}
    for row in rows:
        seen = by_name.setdefault(row["name"], {"layer": row.get("layer", "theory")})
        seen[row["form"]] = {key: said[:2] for key, said in row["findings"].items()}
    yield from ((name, seen) for name, seen in by_name.items() if all(form in seen for form in LIBRARIES))


def _compared(seen: Mapping[str, Any]) -> set[str]:
    """Return the findings to compare: all of the theory, of behaviour those that both forms can be asked for."""
    first, second = (seen[form] for form in LIBRARIES)
    if seen["layer"] == "theory":
        return {*first, *second}
    return {
        key
        for key in {*first, *second}
        if key in first and key in second and [first[key][0], second[key][0]].count("not_applicable") != 1
    }


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures of a measurement: verdicts and seconds by form, differences, the slowest questions."""
    text = []
    for form in LIBRARIES:
        own = [row for row in rows if row["form"] == form]
        verdicts = Counter(said[0] for row in own for said in row["findings"].values())
        said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "no findings"
        text.append(f"{form}: {len(own)} entries in {sum(row['seconds'] for row in own):.1f} s; {said}")
    unlike = differences(rows)
    text += [f"{len(unlike)} differences between the forms in {both(rows)} findings", *unlike]
    text += [f"of one form only: {count} {name}" for name, count in asked_of_one(rows).most_common()]
    text += ["slowest entries:"]
    slow = sorted(rows, key=lambda row: -row["seconds"])[:SLOWEST]
    text += [f"{row['seconds']:8.1f} s  {row['name']} ({row['form']}): {_worst(row)}" for row in slow]
    return "\n".join(text)


def _worst(row: Mapping[str, Any]) -> str:
    most = sorted(((said[2], key) for key, said in row["findings"].items()), reverse=True)[:3]
    return ", ".join(f"{key} {seconds:.1f}" for seconds, key in most)
