"""User code runs in a worker: whatever it does, the audit comes back and says what happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck import Severity, Verdict
from losscheck.asking import PATIENCE, SECOND_LOOK, STEP_SECONDS, _Run

ROOT = Path(__file__).parent.parent
MARGIN = "v:(N,):real"
BEHAVIOUR = ["accepts_valid_input", "value_finite", "pure", "deterministic"]


def raises(v: Any) -> Any:
    raise RuntimeError("boom")


def returns_nothing(v: Any) -> None:
    return None


def exits(v: Any) -> Any:
    sys.exit(3)


def exits_at_once(v: Any) -> Any:
    os._exit(3)


def aborts(v: Any) -> Any:
    os.abort()


def aborts_far_out(v: Any) -> Any:
    if np.max(v) > 50:
        os.abort()
    return v**2


def prints(v: Any) -> Any:
    print("x" * 5000)
    sys.stderr.write("y" * 5000)
    os.write(1, b"\x00\x00\x00\x00\x00\x00\x00\x02{}")
    return v**2


def loops(v: Any) -> Any:
    while True:
        pass


def loops_far_out(v: Any) -> Any:
    while np.max(v) > 50:
        pass
    return v**2


def mutates(v: Any) -> Any:
    np.multiply(v, 2, out=v)
    return v


def audit(function: Any, **more: Any) -> losscheck.Report:
    return losscheck.audit(function, signature=MARGIN, **{"properties": BEHAVIOUR, **more})


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (raises, "RuntimeError: boom"),
        (returns_nothing, "returned None"),
        (exits, "SystemExit: 3"),
        (exits_at_once, "exit code 3"),
        (aborts, "SIGABRT"),
    ],
)
def test_a_loss_that_never_returns_a_number(function: Any, word: str) -> None:
    report = audit(function)
    first = report["accepts_valid_input"]
    assert (first.verdict, first.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert word in first.message
    assert {report[name].verdict for name in BEHAVIOUR[1:]} == {Verdict.UNSUPPORTED}


def test_where_a_loss_raises_is_said() -> None:
    place = audit(raises)["accepts_valid_input"].location
    assert place is not None
    assert place.startswith(__file__)


def test_a_crash_is_charged_to_the_property_and_names_the_input() -> None:
    finding = audit(aborts_far_out)["accepts_valid_input"]
    assert (finding.verdict, finding.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert "SIGABRT" in finding.message
    values = [float.fromhex(v) for v in finding.witness["inputs"]["v"]["values"]]
    assert max(values) > 50


def test_prints_do_not_reach_the_protocol(capfd: pytest.CaptureFixture[str]) -> None:
    assert audit(prints)["value_finite[float64]"].verdict is Verdict.SUPPORTED
    assert capfd.readouterr() == ("", "")


def test_mutation_and_shape_are_findings() -> None:
    assert audit(mutates)["pure"].severity is Severity.ERROR
    report = audit(lambda v: np.zeros((2, 9)), properties=["reduction_consistent"])
    assert report["reduction_consistent"].verdict is Verdict.REFUTED


def test_a_loss_that_loops_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEP_SECONDS, "call", 2.0)
    report = audit(loops, dtypes=["float64"])
    assert "did not return within 2 s" in report["accepts_valid_input"].message
    assert report["accepts_valid_input"].verdict is Verdict.REFUTED
    assert report["pure"].verdict is Verdict.UNSUPPORTED


def test_a_loss_that_loops_on_some_input_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEP_SECONDS, "behaviour", 2.0)
    monkeypatch.setattr("losscheck.asking.SECOND_LOOK", 2.0)
    report = audit(loops_far_out)
    finding = report["accepts_valid_input"]
    assert "did not return within 2 s" in finding.message
    assert max(float.fromhex(v) for v in finding.witness["inputs"]["v"]["values"]) > 50
    assert report["deterministic"].verdict is Verdict.UNSUPPORTED


def loops_in_float32(v: Any) -> Any:
    while v.dtype == np.float32 and np.max(v) > 50:
        pass
    return v**2


def test_what_was_answered_before_a_loss_looped_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEP_SECONDS, "behaviour", 2.0)
    monkeypatch.setattr("losscheck.asking.SECOND_LOOK", 2.0)
    report = audit(loops_in_float32, properties=["value_finite"], dtypes=["float64", "float32"])
    assert {finding.dtype: finding.verdict for finding in report.findings} == {
        "float64": Verdict.SUPPORTED,
        "float32": Verdict.REFUTED,
    }
    assert len(report.findings) == 2, report


def slow(v: Any) -> Any:
    time.sleep(0.2)
    return v**2


def test_many_calls_that_are_slow_together_are_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that is compiled anew for every shape takes long in all; no input of it hangs."""
    monkeypatch.setitem(STEP_SECONDS, "behaviour", 1.0)
    monkeypatch.setattr("losscheck.asking.SECOND_LOOK", 2.0)
    finding = audit(slow, properties=["accepts_valid_input"], dtypes=["float64"])["accepts_valid_input"]
    assert finding.verdict is Verdict.UNSUPPORTED, finding
    assert "did not return within 3 s, though every call before" in finding.message


def test_a_timeout_leaves_the_rest_undecided() -> None:
    report = audit(loops, timeout=1.0)
    assert not report.reproducible
    assert {(f.verdict, f.reason) for f in report.findings} == {(Verdict.UNDECIDED, "timeout")}


def run(script: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        **more,
    )


def test_a_loss_that_allocates_without_end() -> None:
    done = run("""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        import losscheck
        def hog(v):
            import numpy
            kept = []
            while True:
                kept.append(numpy.empty(1 << 27))
        report = losscheck.audit(hog, signature="v:(N,):real", properties=["accepts_valid_input"])
        print(report["accepts_valid_input"].message)
    """)
    assert "MemoryError" in done.stdout, done.stderr


def test_audits_inside_a_daemonic_pool(tmp_path: Path) -> None:
    script = tmp_path / "pooled.py"
    script.write_text(
        textwrap.dedent("""
        import multiprocessing
        import losscheck

        def squared(v):
            return v ** 2

        def one(seed):
            return losscheck.audit(squared, signature="v:(N,):real", properties=["value_finite"], seed=seed).ok

        if __name__ == "__main__":
            one(0)  # a warm worker of the parent, which a forked child must not touch
            with multiprocessing.get_context("fork").Pool(2) as pool:
                print(pool.map(one, range(3)), one(4))
    """)
    )
    done = run(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')")
    assert done.stdout.strip() == "[True, True, True] True", done.stderr


def test_an_unguarded_script(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import losscheck\n"
        "print('once')\n"
        "loss = lambda v: v ** 2\n"
        "print(losscheck.audit(loss, signature='v:(N,):real', properties=['value_finite']).ok)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["once", "True"], done.stderr


def test_inside_an_event_loop_of_a_session_without_a_file() -> None:
    """What a notebook is: code typed into ``__main__``, run while an event loop runs."""
    code = textwrap.dedent("""
        import asyncio
        import losscheck
        scale = 2.0
        loss = lambda v: scale * v ** 2
        async def cell():
            return losscheck.audit(loss, kind="margin", properties=["convex", "value_finite"], dtypes=("float64",))
        report = asyncio.run(cell())
        print(report["convex"].verdict.value, "verdict" in report._repr_html_())
    """)
    done = subprocess.run(
        [sys.executable, "-"],
        input=code,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["proved", "True"], done.stderr


def test_inside_dask_workers(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="dask distributed is not installed")
    script = tmp_path / "distributed_audits.py"
    script.write_text(
        textwrap.dedent("""
        import losscheck
        from dask.distributed import Client, LocalCluster

        def squared(v):
            return v ** 2

        def one(seed):
            return losscheck.audit(squared, kind="margin", properties=["convex"], seed=seed)["convex"].verdict.value

        if __name__ == "__main__":
            with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
                with Client(cluster) as client:
                    print(client.gather(client.map(one, range(3))))
    """)
    )
    done = run(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')")
    assert done.stdout.strip() == "['proved', 'proved', 'proved']", done.stderr


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see whether a process is alive")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_process_that_asked(end: signal.Signals, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    asking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import losscheck
                def endless(v):
                    import os, pathlib
                    pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
                    while True:
                        pass
                losscheck.audit(endless, signature="v:(N,):real")
            """),
        ],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    worker = int(note.read_text())
    assert alive(worker)
    asking.send_signal(end)
    asking.wait(timeout=10)
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(worker)


def test_a_loss_that_cannot_be_pickled_runs_here_and_the_report_says_so() -> None:
    class Unpicklable:
        def __call__(self, v: Any) -> Any:
            return v**2

        def __reduce__(self) -> Any:
            raise TypeError("not me")

    report = audit(Unpicklable())
    assert report["value_finite[float64]"].verdict is Verdict.SUPPORTED
    assert any("ran in this one" in note for note in report.notes)


def test_a_function_made_by_exec_travels() -> None:
    space: dict[str, Any] = {}
    exec("import numpy as np\ndef _sq(x):\n    return np.square(x)\ndef loss(v):\n    return _sq(v)\n", space)
    assert audit(space["loss"])["value_finite[float64]"].verdict is Verdict.SUPPORTED


def test_time_in_line_for_a_core_is_not_held_against_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = [3.0]  # what the scheduler says is made up
    monkeypatch.setattr("losscheck.asking.seconds_in_line", lambda pid: waited[0])
    run = _Run({"effort": "quick"}, {}, None, pid=1)
    run.enter("behaviour", 0)
    alone = run.end() - run.began
    assert alone == pytest.approx(STEP_SECONDS["behaviour"])
    waited[0] += 2.0
    assert run.end() - run.began == pytest.approx(alone + 2.0)
    run.call({"inputs": {}})
    assert run.at_input(), "the announced input has a clock of its own"
    assert run.end() - run.called == pytest.approx(SECOND_LOOK)
    waited[0] += 1e9
    assert run.end() - run.called == pytest.approx(PATIENCE * SECOND_LOOK), "patience has an end"
    run.deadline = run.began + 20.0
    assert run.end() <= run.deadline, "the user's own limit is one on the clock"
