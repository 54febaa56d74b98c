from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import losscheck
from losscheck import Loss, Severity, Verdict
from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.reporting.reproduce import line
from losscheck.signature import parse


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1.0 - v)


def overflowing(v: Any) -> Any:
    return np.log(1 + np.exp(-v))


def quick(loss: Any, **more: Any) -> losscheck.Report:
    return losscheck.audit(loss, **{"properties": ["value_finite"], "signature": "v:(N,):real", **more})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kind": "margn"}, "did you mean 'margin'"),
        ({"signature": "v:(N):reel", "kind": None}, "did you mean 'real'"),
        ({"n_classes": 1, "kind": "logits"}, "n_classes=1"),
        ({"n_classes": [], "kind": "logits"}, "n_classes=[]"),
        ({"n_classes": (3, 3), "kind": "logits"}, "several different"),
        ({"params": {"gamma": (5, 0)}}, "no range"),
        ({"claims": {"value_finit": True}}, "did you mean value_finite"),
        ({"waive": {"value_finite": " "}}, "is no reason"),
        ({"waive": {"nothing_known": "because"}}, "no property"),
        ({"properties": "pure"}, "give a list"),
        ({"properties": ["pur"]}, "did you mean pure"),
        ({"properties": [("pure", {"level": 1})]}, "no parameter 'level'"),
        ({"dtypes": ["float8"]}, "dtypes="),
        ({"dtypes": []}, "names none"),
        ({"device": "graphics"}, "device='graphics' cannot be used"),
        ({"device": "meta"}, "leave it out for the CPU"),
        ({"effort": "max"}, "effort='max'"),
        ({"timeout": 0}, "timeout=0"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_bad_arguments_raise_before_any_code_runs(arguments: dict[str, Any], words: str) -> None:
    def never(*args: Any) -> Any:
        raise AssertionError("the loss was called")

    given = {"kind": "margin", **arguments}
    with pytest.raises(ValueError, match=r".") as caught:
        losscheck.audit(never, **given)
    assert words in str(caught.value)


def test_without_kind_or_signature_the_kinds_are_listed() -> None:
    with pytest.raises(ValueError, match="margin, binary, signed"):
        losscheck.audit(hinge)


def test_a_signature_alone_asks_for_behaviour_only() -> None:
    report = losscheck.audit(hinge, signature="v:(N,):real")
    assert {f.layer for f in report.findings} == {"behaviour"}
    behaviour = {name for name, entry in properties().items() if entry.layer == "behaviour"}
    assert {f.property for f in report.findings} == behaviour
    assert report.ok


def test_targets_are_loaded_by_the_worker(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import numpy as np\ndef loss(v):\n    return np.maximum(0, 1 - v)\n")
    assert quick(f"{file}:loss").ok
    with pytest.raises(ImportError, match="no attribute"):
        quick(f"{file}:lost")
    with pytest.raises(ImportError, match="there is no module"):
        quick("no_such_module_of_mine:loss")


def test_an_edited_file_is_read_afresh(tmp_path: Path) -> None:
    file = tmp_path / "edited.py"
    file.write_text("import numpy as np\ndef loss(v):\n    return np.exp(-v) - np.exp(-v)\n")
    assert not quick(f"{file}:loss").ok
    file.write_text("def loss(v):\n    return v * v  # at last\n")
    assert quick(f"{file}:loss").ok


def test_claims_and_waivers_decide_severity() -> None:
    bare = quick(overflowing)
    assert bare["value_finite[float32]"].severity is Severity.ERROR
    assert bare["value_finite[float16]"].severity is Severity.WARNING
    claimed = quick(overflowing, claims={"value_finite[float16]": True})
    assert claimed["value_finite[float16]"].severity is Severity.ERROR
    waived = quick(overflowing, waive={"value_finite": "kept small by the caller"})
    assert waived.ok
    assert waived["value_finite[float32]"].waived == "kept small by the caller"
    with pytest.raises(losscheck.ClaimRefuted, match="value_finite"):
        bare.raise_for_status()


def test_a_loss_object_brings_its_kind_parameters_and_claims() -> None:
    def scaled(v: Any, scale: float = 1.0) -> Any:
        return np.exp(scale * v) - np.exp(scale * v)

    harmless = Loss(scaled, kind="margin", params={"scale": 0.0}, label="nothing")
    report = losscheck.audit(harmless, properties=["value_finite"])
    assert (report.target, report.kind, report.ok) == ("nothing", "margin", True)
    assert not losscheck.audit(harmless, properties=["value_finite"], params={"scale": 1.0}).ok


def test_a_claim_that_fills_in_an_open_parameter_is_answered_once() -> None:
    claim = "recovers_probability[link=softmax]"
    asked = ["recovers_probability", ("recovers_probability", {"link": "softmax"})]
    report = losscheck.audit(losscheck.catalogue["cross_entropy"], claims={claim: True}, properties=asked)
    (finding,) = report.findings
    assert (finding.id, finding.standing) == ("recovers_probability[link=softmax]", "met")


def test_losses_of_part_of_the_scores_are_undecided_and_no_errors() -> None:
    asked = ["nonnegative", "bounded_below", "class_sum_bounds", "recovers_probability"]
    report = losscheck.audit("normface", properties=asked)
    assert {str(finding.verdict) for finding in report.findings} == {"undecided"}
    assert all("domain" in finding.message for finding in report.findings)


def test_several_numbers_of_classes_give_several_findings() -> None:
    def squared(z: Any, y: Any) -> Any:
        return (z**2).sum(1)

    report = losscheck.audit(squared, kind="logits", n_classes=(2, 4), properties=["pure"])
    assert [f.id for f in report.findings] == ["pure[K=2]", "pure[K=4]"]
    assert report["pure[K=4]"].n_classes == 4


def test_progress_sees_each_finding_as_it_comes() -> None:
    seen: list[str] = []
    report = quick(hinge, progress=lambda finding: seen.append(finding.id))
    assert sorted(seen) == [f.id for f in report.findings]


def test_only_the_dtypes_asked_for() -> None:
    report = quick(hinge, dtypes=["float32"])
    assert [f.dtype for f in report.findings] == ["float32"]
    assert report["value_finite"].verdict is Verdict.SUPPORTED


DEVICES: list[str] = []
"""Where the tensors of the calls were."""


def recording(v: torch.Tensor) -> torch.Tensor:
    DEVICES.append(str(v.device))
    return torch.nn.functional.softplus(-v).mean()


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_tensors_are_put_on_the_device(device: str) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device: audits there are NOT TESTED")
    trial = Trial(recording, parse("v:(N,):real"), device=device)
    DEVICES.clear()
    asked = ("gradient_correct", "second_order", "value_finite", "value_accurate")
    found = [outcome for name in asked for outcome in properties()[name].answer(trial)]
    assert {where.partition(":")[0] for where in DEVICES} == {device}
    assert not [outcome.message for outcome in found if outcome.severity is Severity.ERROR]


def test_the_device_is_told_and_asked_again() -> None:
    report = quick(recording, kind="margin", properties=["gradient_correct"])
    elsewhere = replace(report, environment={**report.environment, "device": "cuda:0"})
    assert "--device cuda:0" in line(elsewhere, elsewhere.findings[0])
    assert "device" not in line(report, report.findings[0])
