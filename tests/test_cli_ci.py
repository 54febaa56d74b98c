"""`losscheck ci`: what the configuration may say, baselines, and every form written at once."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

import losscheck
from losscheck import configuration
from losscheck.baseline import KNOWN, baseline, gate
from losscheck.cli import app
from losscheck.exit_codes import exit_code
from losscheck.finding import Finding
from losscheck.reporting.report import Report
from losscheck.verdict import Outcome, Severity, Verdict, proved, refuted, undecided

SCHEMA = json.loads((Path(configuration.__file__).parent / "configuration.schema.json").read_text())
TARGET = {"targets": ["mine:loss"]}


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


GOOD: list[dict[str, Any]] = [
    TARGET,
    {"targets": [{"target": "mine:loss", "kind": "margin", "params": {"gamma": 2.0}}, "other:loss"], "strict": True},
    TARGET | {"claims": {"convex": True, "lipschitz[norm=l2]": [0, 1], "proper": {"slack": 1e-8}, "smoothness": "inf"}},
    TARGET | {"waive": {"collapse_free": "known, issue 12"}, "baseline": "old.json", "n_classes": [2, 3]},
    TARGET | {"properties": ["convex", "lipschitz[norm=linf]"], "dtypes": ["float32"], "effort": "quick", "seed": 7},
    TARGET | {"signature": "z:(N,):real", "timeout": 2.5, "n_classes": 4},
]
BAD: list[tuple[Any, str]] = [
    ({}, "targets names nothing"),
    ({"targets": []}, "targets names nothing"),
    ({"targets": "mine:loss"}, "give a list"),
    ({"targets": [3]}, r"targets\[0\] = 3 is a int; write a table"),
    ({"targets": [{"kind": "margin"}]}, "names no target"),
    ({"targets": [""]}, "string that is not empty"),
    ({"targets": ["mine:loss"], "knd": "margin"}, "no key 'knd'; did you mean kind"),
    (TARGET | {"kind": "margins"}, "give one of margin, binary"),
    (TARGET | {"kind": ["margin"]}, "give one of margin, binary"),
    (TARGET | {"strict": "yes"}, "give true or false"),
    (TARGET | {"n_classes": 1}, "at least 2"),
    (TARGET | {"n_classes": [3, 3]}, "at least 2"),
    (TARGET | {"seed": True}, "integer of at least 0"),
    (TARGET | {"timeout": 0}, "positive number of seconds"),
    (TARGET | {"dtypes": ["float8"]}, "give one of float64"),
    (TARGET | {"dtypes": "float32"}, "list of dtypes"),
    (TARGET | {"claims": {"convex": "maybe"}}, "is not a claim"),
    (TARGET | {"claims": ["convex"]}, "give a table"),
    (TARGET | {"waive": {"convex": ""}}, "string that is not empty"),
    (TARGET | {"waive": {"convex": True}}, "string that is not empty"),
    (TARGET | {"properties": "convex"}, "list of properties"),
    (TARGET | {"properties": [1]}, "string that is not empty"),
    (TARGET | {"params": 3}, "table of keyword arguments"),
    ([], "is a list; write a table"),
]
ONLY_CODE = [  # what a schema cannot say
    (TARGET | {"claims": {"not an id": True}}, "is not the id of a finding"),
    (TARGET | {"properties": ["value_finite[float16]"]}, "keys of their own"),
    (TARGET | {"claims": {"smoothness": [[2, 1]]}}, "is not a claim"),
    ({"targets": ["mine:loss", "mine:loss"]}, "a second time"),
    (tomllib.loads('targets = ["m:f"]\nparams = { day = 2020-01-01 }'), "numbers, strings"),
]


@pytest.mark.parametrize("table", GOOD)
def test_what_it_may_say(table: dict[str, Any]) -> None:
    read = configuration.read(table)
    assert len(read.audits) == len(table["targets"])
    jsonschema.Draft202012Validator(SCHEMA).validate(table)


@pytest.mark.parametrize(("table", "message"), [*BAD, *ONLY_CODE])
def test_what_it_may_not_say(table: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configuration.read(table)


@pytest.mark.parametrize("table", [table for table, _ in BAD])
def test_the_schema_agrees(table: Any) -> None:
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(table)


def test_the_schema_has_every_key() -> None:
    one = SCHEMA["properties"]["targets"]["items"]["anyOf"][1]["properties"]
    assert set(SCHEMA["properties"]) == {*configuration._AUDIT, *configuration._RUN}
    assert set(one) == {*configuration._AUDIT, "target"}
    assert set(SCHEMA["$defs"]["kind"]["enum"]) == set(losscheck.kinds.KINDS)


def test_a_target_overrides_what_all_share() -> None:
    table = TARGET | {"kind": "binary", "seed": 3}
    table["targets"] = ["a:f", {"target": "b:g", "kind": "margin"}]
    assert configuration.read(table).audits == (
        ("a:f", {"kind": "binary", "seed": 3}),
        ("b:g", {"kind": "margin", "seed": 3}),
    )


def finding(outcome: Outcome, name: str = "convex", layer: str = "theory", **more: Any) -> Finding:
    return Finding.join(outcome, name, layer=layer, **more)


BROKEN = refuted("inf", witness={"z": 1}, severity=Severity.ERROR)
CLAIMED = {"claims": {"convex": True}}


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        (finding(refuted("no", witness={}), **CLAIMED), finding(refuted("no", witness={}), **CLAIMED), 0),
        (finding(proved("yes", certificate={}), **CLAIMED), finding(refuted("no", witness={}), **CLAIMED), 1),
        (finding(undecided("?"), **CLAIMED), finding(refuted("no", witness={}), **CLAIMED), 1),
        (finding(refuted("no", witness={}), **CLAIMED), finding(undecided("?"), **CLAIMED), 0),
        (finding(undecided("?"), **CLAIMED), finding(undecided("?"), **CLAIMED), 0),
        (finding(proved("yes", certificate={}), **CLAIMED), finding(undecided("?"), **CLAIMED), 3),
        (finding(BROKEN, "pure", "behaviour"), finding(BROKEN, "pure", "behaviour"), 0),
        (finding(BROKEN, "pure", "behaviour"), finding(BROKEN, "deterministic", "behaviour"), 1),
        (finding(BROKEN.with_(dtype="float64"), "pure", "behaviour"), finding(BROKEN, "pure", "behaviour"), 1),
        (finding(Outcome(Verdict.ERROR, "a defect")), finding(Outcome(Verdict.ERROR, "a defect")), 4),
    ],
)
def test_a_baseline_gates_only_what_is_worse(before: Finding, now: Finding, code: int) -> None:
    old = baseline([Report("mine:loss", (before,))])
    gated = gate(Report("mine:loss", (now,)), old)
    assert exit_code([gated], strict=True) == code
    # A gated report is a baseline too: it knows what was known, and what it failed on.
    again = gate(Report("mine:loss", (now,)), baseline([Report.from_json(gated.to_json())]))
    assert exit_code([again], strict=True) == (4 if code == 4 else 0)


def test_a_baseline_is_of_one_target_and_its_parameters() -> None:
    old = baseline([Report("mine:loss", (finding(BROKEN, "pure", "behaviour"),), params={"gamma": 2})])
    other = Report("mine:loss", (finding(BROKEN, "pure", "behaviour"),), params={"gamma": 3})
    assert exit_code([gate(other, old)], strict=False) == 1
    assert gate(other, baseline([other])).findings[0].waived == KNOWN


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "losses.py").write_text(
        "import numpy as np\n\n\ndef counting(v):\n    v += 1\n    return np.exp(-v)\n\n\ndef hinge(v):\n"
        "    return np.maximum(0, 1 - v)\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.losscheck]\nkind = "margin"\nproperties = ["pure", "convex"]\n'
        'targets = [{ target = "shop/losses.py:hinge", claims = { convex = true } }, "shop/losses.py:counting"]\n'
    )
    return tmp_path


def test_from_a_project_to_every_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    forms = {form: project / f"out.{form}" for form in ("json", "html", "sarif", "junit", "markdown")}
    words = ["ci", "--config", f"{project.name}/pyproject.toml", "--github"]
    done = run(*words, *(word for form, file in forms.items() for word in (f"--{form}", file)))
    assert done.exit_code == 1, done.output
    assert "::error file=shop/losses.py,line=4,title=pure" in done.stdout
    assert all(file.stat().st_size > 200 for file in forms.values())
    monkeypatch.chdir(project)
    assert run("ci", "--write-baseline", "old.json").exit_code == 1
    gated = run("ci", "--baseline", "old.json", "--json", "gated.json")
    assert gated.exit_code == 0, gated.output
    assert KNOWN in gated.stdout
    assert run("ci", "--baseline", "gated.json").exit_code == 0
    (project / "empty.json").write_text('{"schema": 1, "reports": []}')
    assert run("ci", "--baseline", "empty.json").exit_code == 1


def test_clear_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text, told in (
        (None, "there is no"),
        ("targets = ", "is no TOML"),
        ("", "has no table [tool.losscheck]"),
        ("tool = 3", "has no table [tool.losscheck]"),
        ("[tool.losscheck]\ntargets = []", "targets names nothing"),
        ('[tool.losscheck]\ntargets = ["a:b"]\nbaseline = "none.json"', "cannot read none.json"),
        ("x = " + "[" * 5000, "is no TOML"),
    ):
        if text is not None:
            (tmp_path / "pyproject.toml").write_text(text)
        done = run("ci")
        assert done.exit_code == 2
        assert told in done.stderr
        assert len(done.stderr) < 500


def test_deep_values_are_rejected(tmp_path: Path) -> None:
    """Deep enough to exhaust a walk over them, not always deep enough to stop the TOML reader."""
    file = tmp_path / "pyproject.toml"
    for depth in range(100, 600, 7):
        file.write_text('[tool.losscheck]\ntargets = ["a:b"]\nclaims = { pure = ' + "[" * depth + "]" * depth + " }\n")
        with pytest.raises(ValueError, match=r"is not a claim|too deeply|is no TOML"):
            configuration.configuration(file)


def test_the_schema_is_published() -> None:
    assert json.loads(run("ci", "--schema").stdout) == SCHEMA


def test_the_table_of_the_documentation() -> None:
    text = (Path(__file__).parent.parent / "docs" / "continuous-integration.md").read_text()
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    table = tomllib.loads(block)["tool"]["losscheck"]
    jsonschema.Draft202012Validator(SCHEMA).validate(table)
    ((target, asked),) = configuration.read(table).audits
    assert target == "mine.losses:focal"
    assert asked["claims"]["lipschitz[norm=l2]"] == (0, 2)
    for key in configuration._AUDIT:
        assert f"`{key}`" in text
