"""Completion, progress, and targets found where a user stands."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from losscheck.cli import completing, watching
from losscheck.finding import Finding
from losscheck.verdict import undecided

ROOT = Path(__file__).parent.parent


def test_what_the_shell_offers() -> None:
    assert completing.kinds("lo") == ["logits"]
    assert "convex" in completing.property_names("con")
    assert completing.property_names("pure,symmetric_a") == ["pure,symmetric_arguments"]
    assert "hinge" in completing.targets("hing")
    told = os.environ | {
        "_LOSSCHECK_COMPLETE": "complete_bash",
        "COMP_WORDS": "losscheck explain conve",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from losscheck.cli import app; app(prog_name='losscheck')"],
        env=told | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "convex" in done.stdout.split(), done


@pytest.mark.parametrize("watched", [True, False])
def test_progress_is_for_people(watched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()

    def console(**how: Any) -> Console:
        assert how == {"stderr": True}
        return Console(file=written, force_terminal=watched, width=80)

    monkeypatch.setattr("rich.console.Console", console)
    with watching.watching(2) as tick:
        seen = tick("mine:loss [red]")
        seen(Finding.join(undecided("?"), "convex", layer="theory"))
        tick("mine:other [red]")
    assert ("mine:other [red]" in written.getvalue()) is watched, "brackets are text"
    assert ("1/2" in written.getvalue()) is watched


def test_a_package_of_the_working_directory_is_found(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "losses.py").write_text("def line(v):\n    return -v\n")
    # A file with the name of a library does not come before the library.
    (tmp_path / "typer.py").write_text("raise SystemExit('shadowed')\n")
    code = "from losscheck.cli import main; main()"
    asked = ["--kind", "margin", "--properties", "convex", "--effort", "quick"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "audit", "here.losses:line", *asked],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LOSSCHECK_CACHE": "off"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "proved" in done.stdout
    assert done.stderr == "", "nobody watches, so nothing is drawn"
