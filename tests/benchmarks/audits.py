"""Processor seconds of full audits of the catalogue: ``python tests/benchmarks/audits.py FILE [NAME...]``.

Every property that applies, K = 3, effort ci, in this process and on one thread, so that neither the load of the
machine nor its other cores count; what is imported first (torch, SciPy) counts for a loss that is audited before and
not printed. FILE keeps one line of JSON per loss: a run that was stopped goes on. ``LOSSCHECK_CACHE`` is heeded: with
``off`` all is cold, and with a folder a second run, into another FILE, shows what an unchanged loss costs.

Printed: seconds by phase; median and worst by kind; the slowest questions.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WARM = "cross_entropy"
SLOWEST = 30


class Stopwatch:
    """What the verifier takes of a search: the outermost of its checks are timed."""

    seconds, depth = 0.0, 0

    def wrapped(self, check: Any) -> Any:
        """A function whose time counts."""

        def timed(*args: Any) -> Any:
            began, self.depth = time.process_time(), self.depth + 1
            try:
                return check(*args)
            finally:
                self.depth -= 1
                if not self.depth:
                    self.seconds += time.process_time() - began

        return timed


def measure(name: str, verifying: Stopwatch) -> dict[str, Any]:
    """Audit one loss of the catalogue and say where the time went."""
    from losscheck.answering import answer
    from losscheck.auditing import job_of, pickled
    from losscheck.behaviour.formats import FORMATS
    from losscheck.catalogue import find
    from losscheck.loss import as_loss
    from losscheck.request import request

    made = find(name)
    asked = request(as_loss(made.loss), None, None, 3, None, None, None, None, FORMATS, "ci", 0)
    job = {**job_of(asked, plots=False), **pickled(asked)}
    layers = {question["index"]: question["layer"] for question in job["questions"]}
    names = {question["index"]: question["property"] for question in job["questions"]}
    phases: dict[str, float] = defaultdict(float)
    questions: dict[str, list[Any]] = {}
    state: dict[str, Any] = {"phase": "load", "began": time.process_time(), "verified": verifying.seconds}

    def count() -> float:
        now, proved = time.process_time(), verifying.seconds
        phases["verification"] += proved - state["verified"]
        phases[state["phase"]] += now - state["began"] - (proved - state["verified"])
        taken = now - state["began"]
        state.update(began=now, verified=proved)
        return float(taken)

    def heard(message: dict[str, Any]) -> None:
        taken = count()
        if "step" in message:
            state["phase"] = {"theory": "search", "call": "behaviour"}.get(message["step"], message["step"])
        elif "outcome" in message:
            row = questions.setdefault(names[message["index"]], [layers[message["index"]], 0.0, []])
            row[1] += taken
            row[2].append(message["outcome"]["verdict"])

    answer(job, heard)
    count()
    return {"name": name, "kind": made.kind or "other", "phases": dict(phases), "questions": questions}


def told(rows: list[dict[str, Any]]) -> str:
    """The tables."""
    totals: dict[str, float] = defaultdict(float)
    kinds: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    slow = []
    for row in rows:
        for phase, seconds in row["phases"].items():
            totals[phase] += seconds
        behaviour = row["phases"].get("behaviour", 0.0)
        kinds[row["kind"]].append((sum(row["phases"].values()) - behaviour, behaviour, row["name"]))
        slow += [(seconds, row["name"], key, *said) for key, (_, seconds, said) in row["questions"].items()]
    text = [f"{len(rows)} losses, {sum(totals.values()):.1f} s: "]
    text[0] += ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in sorted(totals.items(), key=lambda x: -x[1]))
    text.append("| kind | losses | theory: median | worst | behaviour: median | worst |\n|---|---|---|---|---|---|")
    for kind, found in [*sorted(kinds.items()), ("all", [each for rows in kinds.values() for each in rows])]:
        cells = [kind, str(len(found))]
        for layer in (0, 1):
            worst = max(found, key=lambda each: each[layer])
            cells += [f"{statistics.median(each[layer] for each in found):.2f}", f"{worst[layer]:.2f} {worst[2]}"]
        text.append("| " + " | ".join(cells) + " |")
    text += [f"{seconds:7.2f} s  {' '.join(rest)}" for seconds, *rest in sorted(slow, reverse=True)[:SLOWEST]]
    return "\n".join(text)


def main(file: Path, names: list[str]) -> None:
    """Measure what the file lacks, and print it all."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    from losscheck import proving, verified
    from losscheck.catalogue import entries

    kept = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    left = [name for name in names or entries() if name not in {row["name"] for row in kept}]
    verifying = Stopwatch()
    for each in ("derived", "verified"):
        timed = verifying.wrapped(getattr(verified, each))
        for module in (proving, verified):
            setattr(module, each, timed)
    if left:
        measure(WARM, verifying)
    with file.open("a") as lines:
        for name in left:
            kept.append(measure(name, verifying))
            lines.write(json.dumps(kept[-1]) + "\n")
            lines.flush()
    print(told(kept))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
