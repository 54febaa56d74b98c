"""The command line: options, exit codes and their precedence, and what each command prints."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import losscheck
from losscheck import arguments
from losscheck.cli import app
from losscheck.exit_codes import exit_code
from losscheck.finding import Finding
from losscheck.reporting.report import Report, split
from losscheck.reverify import reverify
from losscheck.verdict import Outcome, Severity, Verdict, proved, refuted, undecided
from tests.reporting.examples import hostile, ordinary


def run(*words: object) -> Any:  # what typer's runner returns has no public name
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Replaces the audit: what it was asked is recorded, and the target says how it ends."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def audit(target: str, **more: Any) -> Report:
        assert callable(more.pop("progress"))
        calls.append((target, more))
        if target.startswith("missing"):
            raise ImportError(f"loss={target} cannot be loaded")
        if target.startswith("broken"):
            raise AssertionError("a premise of ours does not hold")
        outcomes = {
            "fine": proved("holds", certificate={}),
            "bad": refuted("fails", witness={"v": "1/2"}),
            "open": undecided("nobody knows"),
            "defect": Outcome(Verdict.ERROR, "the prover failed"),
        }
        outcome = outcomes[target.partition(":")[0]]
        return Report(target, (Finding.join(outcome, "convex", layer="theory", claims={"convex": True}),))

    monkeypatch.setattr(losscheck, "audit", audit, raising=False)
    return calls


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        (["fine:a"], 0),
        (["open:a"], 0),
        (["open:a", "--strict"], 3),
        (["open:a", "bad:a", "--strict"], 1),
        (["bad:a"], 1),
        (["defect:a"], 4),
        (["bad:a", "defect:a", "open:a", "--strict"], 4),
        (["broken:a", "fine:a"], 4),
        (["missing:a", "fine:a"], 2),
        (["missing:a", "broken:a", "bad:a", "open:a", "--strict"], 2),
        (["fine:a", "--claims", "convex=perhaps"], 2),
        (["fine:a", "--classes", "one"], 2),
        (["fine:a", "--params", "gamma"], 2),
        (["fine:a", "bad:a", "--kind", "margin,binary,logits"], 2),
        (["fine:a", "--no-such-option"], 2),
        ([], 2),
    ],
)
@pytest.mark.usefixtures("asked")
def test_exit_codes(targets: list[str], code: int) -> None:
    assert run("audit", *targets).exit_code == code


def test_a_waived_open_claim_is_not_strict() -> None:
    found = Finding.join(undecided("?"), "convex", layer="theory", claims={"convex": True}, waive={"convex": "hard"})
    assert exit_code([Report("demo", (found,))], strict=True) == 0


def test_every_option_reaches_the_audit(asked: list[tuple[str, dict[str, Any]]]) -> None:
    words = [
        "fine:a",
        "bad:b",
        "--kind",
        "logits,binary",
        "--classes",
        "2,3",
        "--params",
        "gamma=2.0",
        "--params",
        "w=[1,2]",
    ]
    words += ["--claims", "convex=true", "--claims", "lipschitz[norm=l2]=[0,1.5]", "--claims", "smoothness=inf"]
    words += ["--waive", "pure=it counts, see #12", "--properties", "convex,lipschitz[norm=linf]", "--effort", "quick"]
    words += ["--seed", "7", "--dtypes", "float64,float32", "--timeout", "9", "--signature", "z:(N,):real y:(N,):{0,1}"]
    run("audit", *words)
    assert [(target, more.pop("kind")) for target, more in asked] == [("fine:a", "logits"), ("bad:b", "binary")]
    assert asked[0][1] == asked[1][1]
    assert asked[0][1] == {
        "signature": "z:(N,):real y:(N,):{0,1}",
        "n_classes": (2, 3),
        "params": {"gamma": 2.0, "w": [1, 2]},
        "claims": {"convex": True, "lipschitz[norm=l2]": (0, 1.5), "smoothness": float("inf")},
        "waive": {"pure": "it counts, see #12"},
        "properties": ["convex", ("lipschitz", {"norm": "linf"})],
        "dtypes": ("float64", "float32"),
        "device": "cpu",
        "effort": "quick",
        "timeout": 9.0,
        "seed": 7,
    }


@pytest.mark.usefixtures("asked")
def test_several_targets_share_one_file(tmp_path: Path) -> None:
    files = {form: tmp_path / f"out.{form}" for form in ("json", "html", "markdown")}
    run("audit", "fine:a", "bad:a", *(word for form, file in files.items() for word in (f"--{form}", file)))
    assert [report.target for report in split(json.loads(files["json"].read_text()))] == ["fine:a", "bad:a"]
    assert files["html"].read_text().count("<section>") == 2
    assert files["markdown"].read_text().count("## ") >= 2


@pytest.mark.usefixtures("asked")
def test_the_verdict_is_printed_and_the_problem_goes_to_stderr() -> None:
    done = run("audit", "bad:a", "missing:a")
    assert "ERROR refuted  convex" in done.stdout
    assert "FAILED (1 error)" in done.stdout
    assert done.stderr == "losscheck: missing:a: loss=missing:a cannot be loaded\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--params", ["gamma"]), "--params 'gamma' has no value; write --params key=value"),
        (("--params", ["a=1", "a=2"]), "--params gives 'a' twice: '1' and '2'; keep one"),
    ],
)
def test_pairs_that_are_none(words: tuple[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match="--params") as caught:
        arguments.pairs(*words)
    assert str(caught.value) == message


def test_properties_name_no_dtype() -> None:
    with pytest.raises(ValueError, match="give them with --dtypes and --classes"):
        arguments.properties("value_finite[float16]")


def test_an_audit_from_start_to_end(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import numpy as np\n\ndef counting(v):\n    v += 1\n    return np.exp(-v)\n")
    target = f"{tmp_path / 'mine.py'}:counting"
    done = run("audit", target, "--kind", "margin", "--properties", "pure", "--json", tmp_path / "out.json")
    assert done.exit_code == 1, done.output
    report = Report.from_json((tmp_path / "out.json").read_text())
    assert report["pure"].verdict is Verdict.REFUTED
    assert run("audit", f"{tmp_path / 'mine.py'}:nothing", "--kind", "margin").exit_code == 2


def test_list_and_explain() -> None:
    listed = run("list")
    assert listed.exit_code == 0
    assert "value_finite" in listed.stdout
    names = [line.split()[1] for line in listed.stdout.splitlines()]
    assert set(names) == set(losscheck.property.properties())
    for name in names:
        told = run("explain", name)
        assert told.exit_code == 0
        assert told.stdout.startswith(f"{name} (")
        assert len(told.stdout) > 150, f"{name} is hardly documented"
    assert run("explain", "value_finite[float16]").stdout.startswith("value_finite (")


def test_list_of_a_kind() -> None:
    listed = {line.split()[1] for line in run("list", "--kind", "margin").stdout.splitlines()}
    assert "value_finite" in listed
    assert all(
        entry.layer == "behaviour" or "margin" in entry.kinds
        for name, entry in losscheck.property.properties().items()
        if name in listed
    )


def test_explain_suggests() -> None:
    done = run("explain", "value_finit")
    assert done.exit_code == 2
    assert "no property 'value_finit'; did you mean value_finite" in done.stderr


def test_report_in_another_form(tmp_path: Path) -> None:
    ordinary().save(tmp_path / "in.json")
    for suffix in (".html", ".md", ".txt", ".json"):
        assert run("report", tmp_path / "in.json", "-o", tmp_path / f"out{suffix}").exit_code == 0
    assert (tmp_path / "out.json").read_text() == (tmp_path / "in.json").read_text()
    assert run("report", tmp_path / "in.json", "-o", tmp_path / "out.pdf").exit_code == 2


# Deep enough to exhaust a walk over it, not deep enough to stop the JSON reader.

DEEP = ordinary().to_json().replace('"params":{"gamma":2.0}', '"params":{"gamma":' + "[" * 800 + "]" * 800 + "}")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 1}', '{"schema": 1, "reports": [{}]}', "[" * 100_000, DEEP]
)
def test_unreadable_files(text: str, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(text)
    for words in (("verify", tmp_path / "in.json"), ("report", tmp_path / "in.json", "-o", tmp_path / "out.html")):
        done = run(*words)
        assert done.exit_code == 2, done.output
        assert done.stderr.startswith("losscheck: ")
    assert run("verify", tmp_path / "absent.json").exit_code == 2


def test_a_forged_certificate_does_not_verify(tmp_path: Path) -> None:
    for report in (ordinary(), hostile()):
        report.save(tmp_path / "in.json")
        done = run("verify", tmp_path / "in.json")
        assert done.exit_code == 1
        assert "FAILED" in done.stdout
        assert " 0 of " in f" {done.stdout.splitlines()[-1]}"
    (tmp_path / "one.json").write_text(json.dumps({"losscheck": 1, "proof": {"rule": "trust_me"}}))
    assert run("verify", tmp_path / "one.json").exit_code == 1


class Said:
    """A statement as the verifier gives it."""

    def __init__(self, **said: Any) -> None:
        self.__dict__.update(said)


@pytest.mark.parametrize(
    ("changed", "holds"),
    [({}, True), ({"verdict": "refuted"}, False), ({"graph": "cd"}, False), ({"params": {"norm": "l2"}}, False)],
)
def test_a_certificate_must_state_what_its_finding_says(changed: dict[str, Any], holds: bool) -> None:
    finding = Finding.join(proved("holds", certificate={"a": 1}), "convex", layer="theory", graph="ab")
    statement = Said(**{"property": "convex", "params": {}, "verdict": "proved", "graph": "ab"} | changed)
    (checked,) = reverify(Report("demo", (finding,)).to_dict(), lambda certificate: statement)
    assert checked.holds is holds


def test_decided_theory_without_a_certificate_does_not_hold() -> None:
    bare = refuted("fails", witness={})
    findings = (
        Finding.join(bare, "convex", layer="theory"),
        Finding.join(bare.with_(severity=Severity.ERROR), "pure", layer="behaviour"),
    )
    (checked,) = reverify(Report("demo", findings).to_dict(), lambda certificate: None)
    assert (checked.name, checked.holds, checked.message) == ("demo convex", False, "is refuted without a certificate")
