"""Sweeps and executors: the same reports however they were computed, and nothing is lost with a worker."""

import importlib.util
import json
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import losscheck
from losscheck.assembling import assemble
from losscheck.cli import app
from losscheck.loss import as_loss
from losscheck.manifest import read_manifest
from losscheck.request import request
from losscheck.spreading import joined, parts
from losscheck.sweeping import Point, grid, sweep, table

DASK = importlib.util.find_spec("distributed") is not None
ASKED: dict[str, Any] = {"kind": "margin", "properties": ("convex", "pure", "value_finite"), "effort": "quick"}
CODE = """
import os, pathlib, time
import numpy as np

def power(v, gamma=1.0):
    return np.maximum(0, 1 - v) ** gamma

def slow(v, gamma=1.0):
    # The first call of all waits, so that its worker can be killed while it is under way.
    mark = pathlib.Path(__file__).with_name("begun")
    try:
        mark.touch(exist_ok=False)
        mark.with_name("began-in").write_text(str(os.getppid()))
        time.sleep(4)
    except FileExistsError:
        pass
    return np.exp(-gamma * v)
"""


@pytest.fixture
def points(tmp_path: Path) -> list[Point]:
    (tmp_path / "mine.py").write_text(CODE)
    return grid([f"{tmp_path / 'mine.py'}:power"], {"gamma": [0, 1, 2.0]}, **ASKED)


class Backwards(Executor):
    """Runs what it was given in the reverse order, when the first result is asked for."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        owner = self

        class Lazy(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                while owner.waiting:
                    future, run = owner.waiting.pop()
                    future.set_result(run())
                return super().result(timeout)

        made = Lazy()
        self.waiting.append((made, lambda: fn(*args, **kwargs)))
        return made


def test_the_order_is_that_of_the_points(points: list[Point]) -> None:
    serial = sweep(points)
    assert [report.params for report in serial] == [{"gamma": 0}, {"gamma": 1}, {"gamma": 2.0}]
    assert serial[1]["convex"].verdict == "proved"
    assert table(sweep(points, executor=Backwards())) == table(serial)
    with ThreadPoolExecutor(2) as threads:
        assert table(sweep(points, executor=threads)) == table(serial)


def test_an_audit_through_processes_is_the_same_audit(points: list[Point]) -> None:
    asked: dict[str, Any] = {"kind": "margin", "properties": ["convex", "pure"], "effort": "quick"}
    serial = losscheck.audit(points[0].target, **asked)
    # Not by fork: libraries that other tests imported have threads.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        spread = losscheck.audit(points[0].target, **asked, executor=pool)
    assert table([spread]) == table([serial])
    with pytest.raises(TypeError, match=r"has no submit; give a concurrent\.futures\.Executor"):
        losscheck.audit("hinge", executor=3)


END = {"closed": [0]}


class Losing(Executor):
    """An executor that hands back nothing."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result([])
        return future


def test_a_part_that_is_lost_meets_no_claim() -> None:
    with pytest.raises(RuntimeError, match="without its answers"):
        losscheck.audit("hinge", claims={"convex": False}, properties=["convex"], executor=Losing())


def test_curves_come_once() -> None:
    questions = [{"index": i, "layer": "theory", "n_classes": i % 2} for i in range(40)]
    cut = parts({"questions": questions, "plots": True})
    assert sorted(q["index"] for part in cut for q in part["questions"]) == list(range(40))
    assert [part["plots"] for part in cut] == [True, False, True, False]
    answers = [[{"plots": {"a": 1}}, END], [{"plots": {"a": 2, "b": 1}}, END]]
    asked = request(as_loss("hinge"), None, None, 3, None, None, None, ["convex"], ("float64",), "quick", 0)
    assert assemble(asked, joined(iter(answers)), [], began=0.0).plots == {"a": 1, "b": 1}


def test_a_sweep_goes_on_where_it_was(points: list[Point], tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    whole = sweep(points, results=results)
    lines = results.read_text().splitlines()
    assert len(lines) == 3
    # It was stopped while it wrote the second line, and somebody else wrote into it.
    results.write_text(f'{lines[0]}\n[]\n{{"key": 3}}\n' + lines[1][:200])
    seen: list[str] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            seen.append(args[0]["questions"][0]["property"])
            return super().submit(fn, *args, **kwargs)

    with Counting(1) as counting:
        again = sweep(points, executor=counting, results=results)
    assert table(again) == table(whole)
    assert len(seen) == 4, "two points of two parts each"
    assert [json.loads(line)["key"] for line in results.read_text().splitlines()[4:]] == [p.key for p in points[1:]]
    with Counting(1) as counting:
        sweep(points, executor=counting, results=results)
    assert len(seen) == 4, "everything was there"
    (tmp_path / "mine.py").write_text(CODE + "\n")
    assert points[0].key != json.loads(lines[0])["key"], "the code has changed, so it is audited again"


def test_bad_points_are_named_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no property 'convexx'"):
        sweep([Point("hinge"), Point("hinge", properties=("convexx",))], results=tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(ImportError, match="cannot be loaded"):
        sweep([Point(f"{tmp_path}/none.py:f", kind="margin", properties=("pure",))])


def test_from_the_command_line(points: list[Point], tmp_path: Path) -> None:
    words = ["sweep", points[0].target, "--kind", "margin", "--params", "gamma=1,2.0", "--properties", "convex,pure"]
    words += ["--jobs", "2", "--json", str(tmp_path / "out.json"), "--results", str(tmp_path / "results.jsonl")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == ["ok: 1 proved, 1 supported"] * 2
    assert [each["params"] for each in json.loads((tmp_path / "out.json").read_text())["reports"]] == [
        {"gamma": 1},
        {"gamma": 2.0},
    ]
    assert CliRunner().invoke(app, ["sweep", "hinge", "--params", "gamma"]).exit_code == 2


@pytest.mark.skipif(not DASK, reason="NOT TESTED on Dask: distributed is not installed (extra dask)")
@pytest.mark.filterwarnings("ignore")  # a killed worker makes its neighbours warn
def test_a_killed_dask_worker_loses_nothing(points: list[Point], tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    wanted = [*grid([f"{tmp_path / 'mine.py'}:slow"], {"gamma": [1.0, 2]}, **ASKED), *points]
    killed: list[int] = []

    def kill(client: Any) -> None:
        mark = tmp_path / "began-in"
        while not mark.exists() or not mark.read_text():
            time.sleep(0.05)
        killed.append(int(mark.read_text()))
        os.kill(killed[0], signal.SIGKILL)

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor(pure=True, retries=3) as executor,
    ):
        pids = set(client.run(os.getpid).values())
        killer = threading.Thread(target=kill, args=(client,))
        killer.start()
        spread = sweep(wanted, executor=executor)
        killer.join()
    assert killed[0] in pids, "it was a worker of Dask that was killed"
    assert table(spread) == table(sweep(wanted)), "the same bytes as the serial run, times aside"


MANIFEST = """
library = "torch"
[[loss]]
target = "torch.nn:LeakyReLU"
make = { negative_slope = 0.5 }
kind = "margin"
"""


def test_a_manifest_says_how_losses_are_made_and_called(tmp_path: Path) -> None:
    file = tmp_path / "torch.toml"
    file.write_text(MANIFEST)
    asked = {"properties": ("convex",), "effort": "quick", "dtypes": ("float64",)}
    (point,) = read_manifest(file, **asked)
    (report,) = sweep([point])
    assert report.target == "torch.nn:LeakyReLU(negative_slope=0.5)"
    assert report["convex"].verdict is losscheck.Verdict.PROVED
    run = ["sweep", "--manifest", str(file), "--properties", "convex", "--dtypes", "float64", "--effort", "quick"]
    said = CliRunner().invoke(app, run)
    assert said.exit_code == 0, said.output
    assert "torch.nn:LeakyReLU" in said.output
    assert "name targets, or a --manifest" in CliRunner().invoke(app, ["sweep"]).output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[loss", "is no TOML"),
        ("library = 'a'", "has no"),
        ("loss = 3", "has no"),
        ("[[loss]]\nkind = 'margin'", "loss 1 has no target"),
        ("[[loss]]\ntarget = 'a:b'\nkinds = 'margin'", "loss 1 has kinds"),
        ("[[loss]]\ntarget = 'a:b'\nmake = 3", "make = 3 is no table"),
        ("losses = []\n[[loss]]\ntarget = 'a:b'", "has losses; a manifest has"),
    ],
)
def test_a_manifest_that_is_none_is_told(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=said):
        read_manifest(file)


def test_the_lists_of_the_field_audit_are_manifests() -> None:
    lists = sorted((Path(__file__).parent / "field" / "lists").glob("*.toml"))
    assert len(lists) >= 11
    for file in lists:
        if file.stem not in ("keras", "scikit-learn"):  # of these the kinds are known where the library is
            assert all(point.kind or point.signature for point in read_manifest(file))
