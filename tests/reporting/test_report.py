"""The report as an object: order, questions, JSON, and what it raises."""

import dataclasses
import json
from importlib.resources import files

import jsonschema
import pytest

import losscheck
from losscheck.finding import Finding
from losscheck.reporting.report import Report, merge, split
from losscheck.verdict import Severity, refuted
from tests.reporting.examples import hostile, ordinary

SCHEMA = json.loads((files("losscheck.reporting") / "schema.json").read_text())


def test_order_does_not_depend_on_the_order_of_arrival() -> None:
    report = ordinary()
    turned = dataclasses.replace(report, findings=report.findings[::-1])
    assert turned.to_json() == report.to_json()
    layers = [finding.layer for finding in report.findings]
    assert layers == sorted(layers, reverse=True)


def test_questions() -> None:
    report = ordinary()
    assert not report.ok
    assert [finding.id for finding in report.failures] == ["symmetric", "value_finite[float32]"]
    assert [finding.id for finding in report.warnings] == ["proper"]
    assert [finding.id for finding in report.select(dtype="float32")] == ["value_finite[float32]"]
    assert len(report.select(verdict="proved")) == 2
    assert report.select(property="convex", verdict="refuted") == ()
    assert report["lipschitz"] is report["lipschitz[norm=l2]"]


def test_a_name_gives_the_most_severe_finding() -> None:
    broken = refuted("inf", witness={}, severity=Severity.ERROR)
    findings = [
        Finding.join(broken.with_(severity=severity, dtype=dtype), "value_finite", layer="behaviour")
        for dtype, severity in (
            ("float16", Severity.WARNING),
            ("float32", Severity.ERROR),
            ("float64", Severity.WARNING),
        )
    ]
    assert Report("demo", tuple(findings))["value_finite"].dtype == "float32"


def test_an_unknown_name_suggests() -> None:
    with pytest.raises(KeyError, match="no finding 'symetric'; did you mean symmetric"):
        ordinary()["symetric"]
    with pytest.raises(KeyError, match="this report has: no finding"):
        Report("demo", ())["convex"]


def test_json_round_trip() -> None:
    for report in (ordinary(), hostile()):
        again = Report.from_json(report.to_json())
        assert again == report
        assert again.to_json() == report.to_json()


def test_json_follows_the_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for data in (ordinary().to_dict(), hostile().to_dict(), merge([ordinary(), hostile()])):
        validator.validate(json.loads(json.dumps(data, allow_nan=False)))
    spoiled = ordinary().to_dict() | {"ok": "yes"}
    assert not validator.is_valid(spoiled)


def test_schema_names_the_fields_of_a_finding() -> None:
    fields = {field.name for field in dataclasses.fields(Finding)}
    assert set(SCHEMA["$defs"]["finding"]["properties"]) == fields
    assert set(SCHEMA["$defs"]["finding"]["required"]) == fields
    report = SCHEMA["$defs"]["report"]
    assert set(report["properties"]) == set(ordinary().to_dict())
    assert set(report["required"]) == set(ordinary().to_dict()) - {"address"}, "earlier versions wrote none"


def test_several_reports_split_again() -> None:
    assert split(merge([ordinary(), hostile()])) == [ordinary(), hostile()]
    assert split(merge([ordinary()])) == [ordinary()]


def test_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="schema = 2 is not a report this version reads; it reads 1"):
        Report.from_dict({"schema": 2})


def test_raise_for_status_lists_every_failure() -> None:
    with pytest.raises(losscheck.ClaimRefuted) as caught:
        ordinary().raise_for_status()
    text = str(caught.value)
    assert "2 findings of severity error" in text
    assert 'witness: {"z": ["0", "1/4"]}' in text
    assert "claim: True is violated" in text
    assert (
        "reproduce: losscheck audit docs/examples/focal.py:focal --kind binary --params gamma=2.0 "
        "--claims symmetric=true --properties symmetric --seed 0" in text
    )


def test_raise_for_status_is_silent_when_all_is_well() -> None:
    fine = [finding for finding in ordinary().findings if finding.severity not in (Severity.ERROR,)]
    assert Report("demo", tuple(fine)).raise_for_status() is None


def test_reproduce_of_a_loss_without_address() -> None:
    report = dataclasses.replace(ordinary(), target="<lambda>", n_classes=(3,))
    line = report.reproduce(report["lipschitz"])
    assert line == (
        "losscheck.audit(loss, kind='binary', n_classes=3, params={'gamma': 2.0}, "
        "properties=[('lipschitz', {'norm': 'l2'})], seed=0)"
    )


def test_the_suffix_picks_the_form(tmp_path) -> None:
    for suffix, start in ((".json", "{"), (".html", "<!doctype html>"), (".md", "## "), (".txt", "docs/examples")):
        ordinary().save(tmp_path / f"report{suffix}")
        assert (tmp_path / f"report{suffix}").read_text().startswith(start)
    with pytest.raises(ValueError, match=r"suffix '.pdf'; allowed: .json, .html, .md, .txt"):
        ordinary().save(tmp_path / "report.pdf")


def test_integers_that_no_float_holds_are_rejected() -> None:
    data = ordinary().to_dict()
    data["plots"]["loss"]["series"][0]["x"][0] = 10**400
    with pytest.raises(ValueError, match="beyond 1e308"):
        Report.from_dict(data)
