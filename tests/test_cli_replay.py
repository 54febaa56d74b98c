"""`losscheck replay`: FIXED, FAILED or ERROR."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import losscheck
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


def test_the_stored_input_is_run_not_another(tmp_path: Path) -> None:
    """A hole at one number, which no audit would try: only the stored input finds it."""
    hole = "import numpy as np\n\ndef loss(v):\n    return np.where(v == 0.12345, np.nan, np.exp(-v))\n"
    (tmp_path / "mine.py").write_text(hole)
    asked: dict[str, Any] = {"kind": "margin", "dtypes": ["float64"], "properties": ["value_finite"]}
    data = losscheck.audit(f"{tmp_path / 'mine.py'}:loss", **asked).to_dict()
    [found] = data["findings"]
    assert found["verdict"] == "supported"
    stored = {"dtype": "float64", "inputs": {"v": {"shape": [1], "values": [(0.12345).hex()]}}}
    found |= {"verdict": "refuted", "severity": "error", "witness": stored}
    (tmp_path / "report.json").write_text(json.dumps(data))
    done = run("replay", found["id"], "--from", tmp_path / "report.json")
    assert done.exit_code == 1, done.output
    assert "at the stored input: [nan] in float64" in done.output
    (tmp_path / "mine.py").write_text(hole.replace("np.where(v == 0.12345, np.nan, np.exp(-v))", "np.exp(-v)"))
    done = run("replay", found["id"], "--from", tmp_path / "report.json")
    assert done.exit_code == 0, done.output
    assert "the stored input is fine now" in done.output


def test_a_stored_counterexample_is_verified_again(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SOUND)
    losscheck.audit(f"{tmp_path / 'mine.py'}:loss", kind="margin", properties=["symmetric"]).save(tmp_path / "r.json")
    done = run("replay", "symmetric", "--from", tmp_path / "r.json")
    assert "the stored counterexample holds of the code of now, whose graph is the same" in done.output
    (tmp_path / "mine.py").write_text(SOUND.replace("v + 1", "v + 2"))
    done = run("replay", "symmetric", "--from", tmp_path / "r.json")
    assert done.exit_code == 1
    assert "whose graph is another" in done.output
    forged = json.loads((tmp_path / "r.json").read_text())
    forged["findings"][0]["certificate"]["proof"] = {"rule": "nonsense"}
    (tmp_path / "r.json").write_text(json.dumps(forged))
    done = run("replay", "symmetric", "--from", tmp_path / "r.json")
    assert done.exit_code == 1
    assert "the stored certificate does not hold of the code of now" in done.output


def test_losses_of_the_catalogue_and_of_factories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = losscheck.audit("exponential", properties=["symmetric"])
    report.save(tmp_path / "r.json")
    assert run("replay", "symmetric", "--from", tmp_path / "r.json").exit_code == 1
    code = (
        "import numpy as np\n\ndef make(shift):\n    def made(v):\n        return np.exp(-v - shift)\n    return made\n"
    )
    (tmp_path / "replayed_factory.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    made = __import__("replayed_factory").make(2.0)
    report = losscheck.audit(made, kind="margin", properties=["symmetric"])
    assert report.address == "replayed_factory:make(shift=2.0)"
    report.save(tmp_path / "r.json")
    done = run("replay", "symmetric", "--from", tmp_path / "r.json")
    assert done.exit_code == 1
    assert "holds of the code of now" in done.output
