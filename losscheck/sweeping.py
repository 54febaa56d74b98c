"""Audit many losses at many parameters through an executor, keep every report as it is finished, and go on later.

Cost: a point is two parts for each number of classes, theory and behaviour (`losscheck.spreading`), each of seconds of
work and kilobytes of JSON. Parts of at most ``WINDOW`` points are under way at a time; the reports are handed back
together, so a sweep too large for the memory is run as several.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from losscheck.assembling import assemble
from losscheck.auditing import job_of, pickled
from losscheck.loss import as_loss
from losscheck.plain import plain
from losscheck.remembering import source_digest
from losscheck.reporting.json_text import as_json
from losscheck.reporting.place import place_of_target
from losscheck.reporting.report import Report
from losscheck.request import Request, request, timeout_seconds
from losscheck.spreading import WHOLE, answer_part, joined, parts

WINDOW = 64
"""Points under way at a time: enough that a slow one at the front keeps no worker waiting."""


@dataclass(frozen=True)
class Point:
    """One audit of a sweep: a target, the parameters bound to it, and how it is audited.

    ``timeout`` are seconds for theory and as many for behaviour; what they stop is undecided.
    """

    target: str
    params: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None
    signature: str | None = None
    n_classes: int | tuple[int, ...] = 3
    properties: tuple[Any, ...] | None = None
    dtypes: tuple[str, ...] = ("float64", "float32", "float16", "bfloat16")
    effort: str = "ci"
    seed: int = 0
    timeout: float | None = None

    @property
    def key(self) -> str:
        """What a kept report is found by: all that was asked, losscheck's source, and the file of the target.

        Libraries that the target imports are not part of it: begin a new file of results when they change.
        """
        where = place_of_target(self.target)
        code = hashlib.sha256(where.file.read_bytes()).hexdigest() if where and where.file.is_file() else None
        told = json.dumps([plain(vars(self)), source_digest(), code], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:24]


def grid(targets: Sequence[str], values: Mapping[str, Sequence[Any]], **asked: Any) -> list[Point]:
    """Return every target at every combination of parameter values, in a fixed order.

    >>> [point.params for point in grid(["mine:focal"], {"gamma": [0, 2], "alpha": [0.5]})]
    [{'gamma': 0, 'alpha': 0.5}, {'gamma': 2, 'alpha': 0.5}]
    """
    combined = [dict(zip(values, each, strict=True)) for each in itertools.product(*values.values())]
    return [Point(target, params, **asked) for target in targets for params in combined]


def sweep(
    points: Sequence[Point],
    *,
    executor: Any = None,
    results: Path | None = None,
    progress: Callable[[str], object] | None = None,
    unusable: Callable[[Point, ImportError], object] | None = None,
) -> list[Report]:
    """Audit every point and return the reports in the order of the points, whatever order they end in.

    Parameters
    ----------
    points
        What to audit.
    executor
        Any `concurrent.futures.Executor`, such as Dask's ``Client.get_executor()``; None: this process, one by one.
    results
        A file with one line of JSON per finished point. Points that it has are not audited again, so a sweep that was
        stopped goes on where it was; lines that cannot be read are ignored.
    progress
        Called with the target of each point that is finished.
    unusable
        Called with each point whose target cannot be loaded, which has no report then; None: the sweep ends there.

    Raises
    ------
    ValueError, TypeError
        When an argument of a point is not allowed; before anything runs.
    ImportError
        When a target cannot be loaded, unless somebody is told (``unusable``).
    """
    asked = [_request(point) for point in points]
    kept = _kept(results)
    if executor is None:
        with ThreadPoolExecutor(1) as own:
            return _run(points, asked, own, kept, results, progress, unusable)
    return _run(points, asked, executor, kept, results, progress, unusable)


def _request(point: Point) -> Request:
    timeout_seconds(point.timeout)
    return request(
        as_loss(point.target),
        point.kind,
        point.signature,
        point.n_classes,
        point.params,
        None,
        None,
        point.properties,
        point.dtypes,
        point.effort,
        point.seed,
    )


def _run(
    points: Sequence[Point],
    asked: Sequence[Request],
    executor: Any,
    kept: Mapping[str, Report],
    results: Path | None,
    progress: Callable[[str], object] | None,
    unusable: Callable[[Point, ImportError], object] | None,
) -> list[Report]:
    reports: list[Report] = []
    waiting: deque[list[Future[list[dict[str, Any]]]]] = deque()
    ahead = _submitted(points, asked, executor, kept)
    try:
        for point, wanted in zip(points, asked, strict=True):
            waiting.extend(itertools.islice(ahead, WINDOW - len(waiting)))
            futures = waiting.popleft()
            report = kept.get(point.key)
            if report is None:
                report = _finished(point, wanted, futures, unusable)
                if report is not None:
                    _keep(results, point.key, report)
            reports += [report] if report is not None else []
            if progress is not None:
                progress(point.target)
    finally:
        for future in itertools.chain(*waiting):
            future.cancel()
    return reports


def _finished(
    point: Point,
    wanted: Request,
    futures: Sequence[Future[list[dict[str, Any]]]],
    unusable: Callable[[Point, ImportError], object] | None,
) -> Report | None:
    """Wait for the parts of a point; None where its target cannot be loaded and somebody was told."""
    began = time.perf_counter()
    answers = joined(future.result() for future in futures)
    try:
        return assemble(wanted, answers, [], began=began, address=point.target)
    except ImportError as problem:
        if unusable is None:
            raise
        unusable(point, problem)
        return None


def _submitted(
    points: Sequence[Point], asked: Sequence[Request], executor: Any, kept: Mapping[str, Report]
) -> Iterator[list[Future[list[dict[str, Any]]]]]:
    """Hand the parts of one point after another to the executor; a point that is kept has none."""
    for point, wanted in zip(points, asked, strict=True):
        told = {"timeout": timeout_seconds(point.timeout)}
        job = {**job_of(wanted, plots=point.properties is None), **pickled(wanted), **told}
        yield [] if point.key in kept else [executor.submit(answer_part, part) for part in parts(job, WHOLE)]


def _kept(results: Path | None) -> dict[str, Report]:
    """Read a file of results; a line that was cut off, or is not ours, is as if it were not there."""
    found: dict[str, Report] = {}
    if results is None or not results.exists():
        return found
    with results.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                data = json.loads(line)
                found[str(data["key"])] = Report.from_dict(data["report"])
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                continue
    return found


def _keep(results: Path | None, key: str, report: Report) -> None:
    if results is None:
        return
    line = json.dumps({"key": key, "report": report.to_dict()}, allow_nan=False, separators=(",", ":"))
    # A line that an earlier run left unfinished ends here; one write, so that two sweeps do not mix their lines.
    unfinished = results.exists() and results.stat().st_size > 0 and not _ends_a_line(results)
    with results.open("ab") as file:
        file.write(b"\n" * unfinished + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _ends_a_line(file: Path) -> bool:
    with file.open("rb") as data:
        data.seek(-1, os.SEEK_END)
        return data.read(1) == b"\n"


def table(reports: Sequence[Report]) -> str:
    """Return the reports as JSON text whose bytes do not depend on how they were computed: without times and notes.

    Notes are left out because they say what came from a cache.
    """
    rows = []
    for report in reports:
        data = _timeless(report.to_dict())
        del data["notes"]
        rows.append(data)
    return as_json({"schema": 1, "reports": rows})


def _timeless(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _timeless(value) for key, value in data.items() if key != "seconds"}
    return [_timeless(value) for value in data] if isinstance(data, list) else data
