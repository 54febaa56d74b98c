"""SARIF, JUnit and annotations: valid against the schemas of their own formats, and nothing hostile acts."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from losscheck.finding import Finding
from losscheck.reporting.github import as_annotations
from losscheck.reporting.junit import as_junit
from losscheck.reporting.place import place, place_of_target
from losscheck.reporting.report import Report
from losscheck.reporting.sarif import as_sarif
from losscheck.verdict import Outcome, Severity, Verdict, refuted
from tests.reporting.examples import HOSTILE, hostile, ordinary

SCHEMAS = Path(__file__).parent.parent / "schemas"
REPORTS = {
    "ordinary": [ordinary()],
    "hostile": [hostile()],
    "several": [ordinary(), hostile(), Report("empty", ())],
    "none": [],
}


@pytest.mark.parametrize("reports", REPORTS.values(), ids=REPORTS)
def test_sarif_is_valid(reports: list[Report]) -> None:
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(json.loads(as_sarif(reports)))


@pytest.mark.parametrize("reports", REPORTS.values(), ids=REPORTS)
def test_junit_is_valid(reports: list[Report]) -> None:
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(as_junit(reports))


def test_sarif_names_what_failed_and_where() -> None:
    (run,) = json.loads(as_sarif([ordinary()]))["runs"]
    told = {result["properties"]["finding"]: result for result in run["results"]}
    assert set(told) == {"symmetric", "value_finite[float32]", "proper"}
    assert told["proper"]["level"] == "warning"
    found = told["value_finite[float32]"]
    assert found["level"] == "error"
    assert "reproduce: losscheck audit docs/examples/focal.py:focal" in found["message"]["text"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "focal.py"
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 20}
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules[found["ruleIndex"]] == found["ruleId"] == "value_finite"
    prints = {result["partialFingerprints"]["losscheckFinding/v1"] for result in run["results"]}
    assert len(prints) == 3


def test_what_is_waived_is_suppressed() -> None:
    broken = refuted("inf", witness={"z": 1}, severity=Severity.ERROR)
    found = Finding.join(broken, "value_finite", layer="behaviour", waive={"value_finite": "issue 12"})
    report = Report("mine.py:loss", (found,))
    ((result,),) = [run["results"] for run in json.loads(as_sarif([report]))["runs"]]
    assert result["suppressions"] == [{"kind": "external", "justification": "issue 12"}]
    assert ElementTree.fromstring(as_junit([report])).find(".//skipped").get("message") == "issue 12"
    assert as_annotations([report]) == ""


def test_junit_counts() -> None:
    defect = Finding.join(Outcome(Verdict.ERROR, "the prover failed"), "convex", layer="theory")
    for report, failures, skipped in ((ordinary(), 2, 1), (Report("x", (defect,)), 1, 0)):
        suite = ElementTree.fromstring(as_junit([report])).find("testsuite")
        assert (suite.get("failures"), suite.get("skipped")) == (str(failures), str(skipped))
        assert len(suite.findall("testcase")) == int(suite.get("tests")) == len(report.findings)


def test_junit_holds_any_text() -> None:
    bad = refuted("\x00\x1b[31m\ud800 ]]> &", witness={"\x00": "\x08"}, severity=Severity.ERROR)
    text = as_junit([Report("\x00:x", (Finding.join(bad, "pure", layer="behaviour"),))])
    assert "\\x00\\x1b[31m\\ud800 ]]> &" in ElementTree.fromstring(text).find(".//failure").get("message")


def test_annotations_stay_on_their_line() -> None:
    lines = as_annotations([ordinary()]).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("::error file=focal.py,line=20,title=value_finite[float32]%3A refuted::")
    wild = refuted(f"a\r\n::warning::b%0A {HOSTILE}", witness={}, severity=Severity.ERROR, location="a,b\n:c.py:3")
    (line,) = as_annotations([Report("x,y:z", (Finding.join(wild, "pure", layer="behaviour"),))]).splitlines()
    assert line.startswith("::error file=a%2Cb%0A%3Ac.py,line=3,title=pure%3A refuted::x,y:z: a%0D%0A::warning::b%250A")


def test_a_place_is_found_without_importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exploding").mkdir()
    (tmp_path / "exploding" / "__init__.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "exploding" / "losses.py").write_text(
        "class Box:\n    x = 1\n    def loss(self):\n        pass\n\nf = 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert place_of_target("exploding.losses:Box.loss") == (tmp_path / "exploding" / "losses.py", 3)
    assert place_of_target("exploding.losses:f").line == 6
    assert place_of_target("exploding.losses:g").line is None
    assert place_of_target(f"{tmp_path}/none.py:f") == (tmp_path / "none.py", None)
    for target in ("hinge", "no.such:f", "..:f", "a\0b.py:f", "json:dumps:x", ":f"):
        assert place_of_target(target) is None or place_of_target(target).line is None
    os.mkfifo(tmp_path / "pipe.py")
    assert place_of_target(f"{tmp_path}/pipe.py:f").line is None, "nothing waits for a pipe"
    odd = Finding.join(refuted("x", witness={}, location="/etc/passwd:3"), "pure", layer="behaviour")
    assert place("hinge", odd) is None
