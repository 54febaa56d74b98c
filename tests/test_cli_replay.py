"""`losscheck replay`: FIXED, FAILED or ERROR."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from losscheck.cli import app
from losscheck.reporting.report import Report

BROKEN = "import numpy as np\n\ndef loss(v):\n    v += 1\n    return np.exp(-v)\n"
SOUND = "import numpy as np\n\ndef loss(v):\n    return np.exp(-(v + 1))\n"
LINE = "import numpy as np\n\ndef loss(v):\n    return -v\n"


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(BROKEN)
    words = ["--kind", "margin", "--properties", "pure,symmetric,convex", "--claims", "convex=false"]
    run("audit", tmp_path / "mine.py:loss", *words, "--json", tmp_path / "report.json")
    return tmp_path / "report.json"


def test_a_finding_that_stands_falls_and_gets_lost(saved: Path) -> None:
    report = Report.from_json(saved.read_text())
    identity = report["pure"].replay_id
    done = run("replay", identity, "--from", saved)
    assert (done.exit_code, done.stdout[:7]) == (1, "FAILED ")
    (saved.parent / "mine.py").write_text(SOUND)
    done = run("replay", "pure", "--from", saved)
    assert (done.exit_code, done.stdout[:6]) == (0, "FIXED "), done.output
    (saved.parent / "mine.py").write_text("def loss(v):\n    return 1 / 0\n")
    assert run("replay", identity, "--from", saved).stdout.startswith("ERROR ")
    (saved.parent / "mine.py").unlink()
    done = run("replay", identity, "--from", saved)
    assert (done.exit_code, done.stdout[:6]) == (2, "ERROR ")


def test_theory_and_claims(saved: Path) -> None:
    (saved.parent / "mine.py").write_text(SOUND)
    assert run("replay", "symmetric", "--from", saved).exit_code == 1, "exp(-v - 1) is not symmetric either"
    assert run("replay", "convex", "--from", saved).exit_code == 1, "convex again, and claimed not to be"
    (saved.parent / "mine.py").write_text(LINE)
    assert run("replay", "symmetric", "--from", saved).exit_code == 0, "a line is symmetric"
    (saved.parent / "mine.py").write_text("import numpy as np\n\ndef loss(v):\n    return np.minimum(v, 1 - v)\n")
    assert run("replay", "convex", "--from", saved).exit_code == 0, "concave now, as it was claimed"


def test_what_cannot_be_replayed(saved: Path) -> None:
    data = json.loads(saved.read_text())
    for change, told in (
        ({"target": "some_function", "address": None}, "has no address"),
        ({"findings": [each | {"verdict": "proved", "severity": "none"} for each in data["findings"]]}, "nothing to"),
        ({"findings": data["findings"] * 2}, "several findings"),
        ({"findings": []}, "no finding 'pure'"),
    ):
        saved.write_text(json.dumps(data | change))
        done = run("replay", "pure", "--from", saved)
        assert done.exit_code == 2
        assert told in done.stderr
