"""Hostile files: a clear error or a correct rejection, in bounded time and memory, and nothing of them is run.

A few hundred of each in every run; 10,000 of each under ``HYPOTHESIS_PROFILE=fuzz``. The long run goes through the
functions of the commands, and through the commands themselves every so often: starting one takes ten times as long as
rejecting a file.
"""

import contextlib
import functools
import io
import json
import os
import random
import re
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import losscheck
from losscheck.baseline import baseline, gate
from losscheck.cache import Cache
from losscheck.cli import app
from losscheck.cli.app import BAD_USAGE, read_json
from losscheck.configuration import configuration
from losscheck.replaying import find
from losscheck.reporting.report import Report, split
from losscheck.reporting.saving import save
from losscheck.reverify import reverify
from losscheck.sweeping import _kept
from tests.reporting.examples import ordinary
from tests.security.mutations import NASTY, file_of, garbled, mutated
from tests.verifier.test_mutation import mutate

FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
pytestmark = pytest.mark.timeout(7200 if FUZZ else 300)
SECONDS, MEGABYTES = 10.0, 600
"""Processor time one file may take, and what the whole run may add to the memory of the process."""

CONFIGURATION = """
[project]
name = "mine"

[tool.losscheck]
kind = "binary"
effort = "quick"
n_classes = [2, 3]
dtypes = ["float64", "float32"]
baseline = "old.json"
targets = [
  "mine.losses:focal",
  { target = "mine/margins.py:hinge", kind = "margin", params = { gamma = 2.0 } },
]
claims = { convex = true, "lipschitz[norm=l2]" = [0, 1] }
waive = { collapse_free = "known, issue 12" }
properties = ["convex", "lipschitz[norm=linf]"]
"""


def count(few: int) -> range:
    return range(10_000 if FUZZ else few)


TAKEN: list[float] = []
"""Processor seconds of each file of the test under way."""


@pytest.fixture(autouse=True)
def contained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Iterator[None]:
    """Each test runs in an empty folder; nothing may appear there that it did not write, and memory stays bounded."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    TAKEN.clear()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    # For the table of docs/security.md: --junit-xml=FILE -o junit_family=legacy.
    record_property("processor_seconds", round(time.process_time() - began, 1))
    record_property("slowest_file", round(max(TAKEN, default=0.0), 2))
    record_property("added_megabytes", round(added))
    assert list((tmp_path / "here").iterdir()) == [], "a file was written that nobody asked for"
    assert added < MEGABYTES


@contextlib.contextmanager
def bounded(what: object) -> Iterator[None]:
    """Hold what is done with one file to its processor time."""
    began = time.process_time()
    try:
        yield
    finally:
        TAKEN.append(time.process_time() - began)
        assert TAKEN[-1] < SECONDS, f"{TAKEN[-1]:.1f} s for {str(what)[:2000]}"


def through(number: int) -> bool:
    """Whether this file is handed to the command line itself: one in five, in the long run one in fifty."""
    return number % (50 if FUZZ else 5) == 0


def directly(path: Path, work: Callable[[dict[str, Any]], Any]) -> Any:
    """Do with a file what a command does, without the command line around it; None where it is rejected."""
    with bounded(path.read_bytes()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return work(read_json(path))
        except (typer.Exit, *BAD_USAGE, AttributeError, RecursionError):
            return None


@functools.cache
def audited() -> dict[str, Any]:
    """A true report with certificates, as plain data."""
    asked = ["convex", "lipschitz", "classification_calibrated", "symmetric", "pure"]
    return losscheck.audit("logistic", properties=asked, claims={"convex": True}).to_dict()


@functools.cache
def certificates() -> list[dict[str, Any]]:
    """One certificate for each rule that true audits used: a few in every run, some forty in the long one."""
    reports = [losscheck.Report.from_dict(audited())]
    if FUZZ:
        names = ("logistic", "focal", "brier", "huber", "gce", "kl", "savage", "log_cosh")
        reports += [losscheck.audit(name, dtypes=("float64",), effort="quick") for name in names]
    found = {}
    for finding in (finding for report in reports for finding in report.findings if finding.certificate):
        found[finding.certificate["proof"]["rule"], finding.verdict] = json.loads(json.dumps(finding.certificate))
    return list(found.values())


def run(*words: object) -> Any:
    with bounded(words):
        done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code in (0, 1, 2), (done.exit_code, done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    if done.exit_code == 2:
        assert done.stderr.startswith("losscheck: ")
        assert len(done.stderr) < 20_000
    return done


def test_certificates(tmp_path: Path) -> None:
    rng = random.Random(1)
    honest = certificates()
    assert len(honest) >= (30 if FUZZ else 4)
    for number in count(60):
        (tmp_path / "in.json").write_bytes(file_of(rng.choice(honest), rng))
        if through(number):
            run("verify", tmp_path / "in.json")
        else:
            directly(tmp_path / "in.json", lambda data: list(reverify(data, losscheck.verify)))


def test_certificates_that_stay_well_formed(tmp_path: Path) -> None:
    """Numbers and parts exchanged for others like them: the verifier gets far, and still comes back in time."""
    rng = random.Random(12)
    honest = certificates()
    for _ in count(100):
        mutant, _what = mutate(rng.choice(honest), rng.choice(honest), rng)
        (tmp_path / "in.json").write_text(json.dumps(mutant))
        directly(tmp_path / "in.json", lambda data: list(reverify(data, losscheck.verify)))


def test_reports_are_rejected_or_shown_in_every_form(tmp_path: Path) -> None:
    rng = random.Random(2)
    forms = [".html", ".md", ".txt", ".json", ".sarif", ".xml"]
    for number in count(90):
        (tmp_path / "in.json").write_bytes(file_of(rng.choice([audited(), ordinary().to_dict()]), rng))
        out = tmp_path / f"out{forms[number % len(forms)]}"
        out.unlink(missing_ok=True)
        if through(number):
            run("report", tmp_path / "in.json", "-o", out)
        else:
            directly(tmp_path / "in.json", lambda data, out=out: save(split(data), out))
        if out.suffix == ".html" and out.exists():
            assert "<script" not in out.read_text().lower()


def test_what_a_report_claims_is_verified_again(tmp_path: Path) -> None:
    """A report whose verdicts, statements or certificates were exchanged never verifies as a whole."""
    rng = random.Random(3)
    honest = audited()
    decided = [each for each in honest["findings"] if each["certificate"]]
    for number in count(40):
        forged = json.loads(json.dumps(honest))
        mine = [each for each in forged["findings"] if each["certificate"]]
        one, other = rng.sample(range(len(mine)), 2)
        if rng.random() < 0.5:
            mine[one]["certificate"] = decided[other]["certificate"]
        else:
            mine[one]["verdict"] = {"proved": "refuted", "refuted": "proved"}[mine[one]["verdict"]]
        (tmp_path / "in.json").write_text(json.dumps(forged))
        if through(number):
            assert run("verify", tmp_path / "in.json").exit_code == 1
        else:
            checked = directly(tmp_path / "in.json", lambda data: list(reverify(data, losscheck.verify)))
            assert not all(each.holds for each in checked)


def test_baselines() -> None:
    rng = random.Random(4)
    honest = Report.from_dict(audited())
    for _ in count(300):
        data = mutated(audited(), rng)
        try:
            with bounded("a baseline"):
                gated = gate(honest, baseline(split(data)))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
        assert [each.id for each in gated.findings] == [each.id for each in honest.findings]


def test_baselines_of_the_command_line(tmp_path: Path) -> None:
    rng = random.Random(5)
    (tmp_path / "pyproject.toml").write_text('[tool.losscheck]\ntargets = ["nowhere:f"]\nkind = "margin"\n')
    for _ in range(30):
        (tmp_path / "old.json").write_bytes(garbled(json.dumps(audited()).encode(), rng)[:20_000])
        assert run("ci", "--config", tmp_path / "pyproject.toml", "--baseline", tmp_path / "old.json").exit_code == 2


def test_replayed_reports_find_or_complain(tmp_path: Path) -> None:
    rng = random.Random(6)
    for number in count(40):
        (tmp_path / "in.json").write_bytes(file_of(ordinary().to_dict(), rng))
        if through(number):
            assert run("replay", "no-such-finding", "--from", tmp_path / "in.json").exit_code == 2
        else:
            assert directly(tmp_path / "in.json", lambda data: find(split(data), "no-such-finding")) is None


def test_configurations(tmp_path: Path) -> None:
    rng = random.Random(7)
    file = tmp_path / "pyproject.toml"
    accepted = 0
    for _ in count(500):
        file.write_bytes(garbled(CONFIGURATION.encode(), rng))
        told = ""
        try:
            with bounded(file.read_bytes()):
                read = configuration(file)
            accepted += 1
            assert all(isinstance(target, str) for target, _ in read.audits)
        except ValueError as problem:
            told = str(problem)
        assert len(told) < 20_000
    assert accepted > 10, "the mutations are not all too coarse to matter"


def test_configured_values() -> None:
    from losscheck.configuration import read

    rng = random.Random(8)
    table = {"targets": [{"target": "m:f", "claims": {"convex": True}}], "kind": "margin", "waive": {"pure": "why"}}
    for _ in count(500):
        data = mutated(table, rng)
        try:
            with bounded("values"):
                read(data)
        except ValueError:
            continue


def test_results_of_a_sweep(tmp_path: Path) -> None:
    rng = random.Random(9)
    line = {"key": "0" * 24, "report": audited()}
    for _ in count(100):
        (tmp_path / "results.jsonl").write_bytes(file_of(line, rng) + b"\n" + file_of(line, rng))
        with bounded("results"):
            kept = _kept(tmp_path / "results.jsonl")
        assert all(isinstance(report, Report) for report in kept.values())


def test_cache_files(tmp_path: Path) -> None:
    """A cache that was tampered with is as good as an empty one."""
    rng = random.Random(10)
    for number in count(60):
        file = tmp_path / f"cache-{number % 3}" / "answers-1.sqlite"
        Cache(file).put("key", {"a": 1})
        file.write_bytes(garbled(file.read_bytes(), rng))
        with bounded("a cache"):
            assert Cache(file).get("key") in (None, {"a": 1})
        Cache(file).put("key", {"a": 2})
        assert Cache(file).get("key") in (None, {"a": 2})
        file.unlink(missing_ok=True)


def test_forged_cache_entries_prove_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries with right checksums and wrong content: theory is verified again, and no audit breaks."""
    rng = random.Random(11)
    monkeypatch.setenv("LOSSCHECK_CACHE", str(tmp_path / "cache"))
    asked = {"properties": ["convex", "symmetric"], "claims": {}}
    honest = losscheck.audit("hinge", **asked)
    file = tmp_path / "cache" / "answers-1.sqlite"
    with sqlite3.connect(file) as database:
        keys = [key for (key,) in database.execute("SELECT key FROM answers")]
    stored = {key: Cache(file).get(key) for key in keys}
    assert stored
    for _ in range(500 if FUZZ else 8):
        for key, value in stored.items():
            Cache(file).put(key, rng.choice([mutated(value, rng), rng.choice(NASTY[:7]), "x", []]))
        again = losscheck.audit("hinge", **asked)
        for now, then in zip(again.findings, honest.findings, strict=True):
            # Words may be forged, as whoever can write there can write anywhere; what is decided may not.
            assert now.verdict == then.verdict or now.verdict not in ("proved", "refuted", "error")
            assert now.verdict != then.verdict or (now.bounds, now.slack) == (then.bounds, then.slack)


def test_files_that_are_too_large_or_no_files(tmp_path: Path) -> None:
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(100 << 20)
    for path in (tmp_path / "large.json", tmp_path, tmp_path / "none"):
        for words in (("verify", path), ("report", path, "-o", tmp_path / "out.md"), ("replay", "x", "--from", path)):
            assert run(*words).exit_code == 2
        assert run("ci", "--config", path).exit_code == 2


def test_nothing_is_unpickled_that_comes_from_a_file() -> None:
    """Pickles go from an audit to the worker it started, through a pipe; code is made of graphs that were lifted."""
    root = Path(losscheck.__file__).parent
    loads = re.compile(r"pickle\.loads?\(|pickle\.Unpickler|\beval\(|\bexec\(|yaml\.|marshal\.|shelve")
    found = {file.relative_to(root).as_posix() for file in root.rglob("*.py") if loads.search(file.read_text())}
    allowed = {"answering.py", "comparison/answering.py", "rounding/answering.py"}
    allowed |= {"expr/numba_reading.py", "adapters/keras_loss.py"}
    assert found <= allowed, found
