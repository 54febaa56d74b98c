"""The line a finding is reproduced by runs as it stands, and gives the finding again: for findings of every kind."""

from __future__ import annotations

import functools
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import losscheck
from losscheck.adapters.objective import objective
from losscheck.cli import app
from losscheck.finding import Finding
from losscheck.reporting.report import Report

CODE = """
import functools

import numpy as np
import torch

def naive(z, y):
    e = torch.exp(z)
    return -torch.log(e[torch.arange(len(z)), y] / e.sum(-1))

def impure(v):
    v += 1
    return np.exp(-v)

def exponential(v, gamma=1.0):
    return np.exp(-gamma * v)

def repaired(z, y):
    return torch.nn.functional.cross_entropy(z, y, reduction="none")

def unvalidated(z, y):
    return torch.logaddexp(torch.zeros_like(z), -z * y)

class Focal(torch.nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma
    def forward(self, z, y):
        p = torch.softmax(z, -1)[torch.arange(len(z)), y]
        return -((1 - p) ** self.gamma * torch.log(p)).mean()

def make(scale):
    def made(v):
        return np.exp(-scale * v)
    return made

def boosted(prediction, target):
    p = 1 / (1 + np.exp(-prediction))
    return p - target, -p * (1 - p)

def pairwise(a, b):
    return torch.sqrt(((a - b) ** 2).sum(-1))

def smoothed(z, y, label_smoothing=0.0):
    e = torch.nn.functional.one_hot(y, z.shape[-1]) * (1 - label_smoothing)
    return -(e * torch.log_softmax(z, -1)).sum(-1)

bound = functools.partial(exponential, gamma=2.0)
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("reproduce")
    (folder / "shop_losses.py").write_text(CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        yield __import__("shop_losses")
        sys.modules.pop("shop_losses")


MARGIN: dict[str, Any] = {"kind": "margin", "effort": "quick"}
LOGITS: dict[str, Any] = {"kind": "logits", "effort": "quick"}
HALF = {"dtypes": ("float64", "float16")}
VALUE: dict[str, Any] = {"properties": ["value_finite"]}
CONVEX: dict[str, Any] = {"properties": ["convex"], "claims": {"convex": False}}
LIPSCHITZ: dict[str, Any] = {
    "properties": [("lipschitz", {"norm": "linf"})],
    "claims": {"lipschitz[norm=linf]": 5},
}


def audited(loss: Any, **asked: Any) -> Report:
    return losscheck.audit(loss, **asked)


ASKED: dict[str, tuple[str, Callable[[Any], Report]]] = {
    "torch function": ("value_finite[float32]", lambda m: audited(m.naive, **LOGITS, **VALUE)),
    "by its path": ("value_finite[float64]", lambda m: audited("shop_losses.py:naive", **LOGITS, **VALUE)),
    "torch gradient": (
        "gradient_finite[float32]",
        lambda m: audited(m.naive, **LOGITS, properties=["gradient_finite"]),
    ),
    "narrow format": ("value_finite[float16]", lambda m: audited(m.naive, **LOGITS, **HALF, **VALUE)),
    "NumPy": ("pure", lambda m: audited(m.impure, **MARGIN, properties=["pure"])),
    "theory": ("symmetric", lambda m: audited(m.exponential, **MARGIN, properties=["symmetric"])),
    "theory with a parameter": (
        "lipschitz[norm=linf]",
        lambda m: audited(m.exponential, **MARGIN, **LIPSCHITZ),
    ),
    "a claim": ("convex", lambda m: audited(m.exponential, **MARGIN, **CONVEX)),
    "bound parameters": ("convex", lambda m: audited(m.exponential, params={"gamma": 0.5}, **MARGIN, **CONVEX)),
    "a range": ("convex", lambda m: audited(m.exponential, params={"gamma": (1, 2)}, **MARGIN, **CONVEX)),
    "several classes": (
        "symmetric[K=4]",
        lambda m: audited(
            m.repaired, **LOGITS, n_classes=(3, 4), properties=["symmetric"], claims={"symmetric[K=4]": True}
        ),
    ),
    "a signature": (
        "gradient_finite[float64]",
        lambda m: audited(
            m.pairwise, signature="a:(N,D):real b:(N,D):real", effort="quick", properties=["gradient_finite"]
        ),
    ),
    "catalogue": ("symmetric", lambda m: audited("exponential", properties=["symmetric"], effort="quick")),
    "catalogue with parameters": (
        "convex",
        lambda m: audited("focal", params={"gamma": 3.0}, properties=["convex"], claims={"convex": True}),
    ),
    "catalogue object": ("symmetric", lambda m: audited(losscheck.catalogue["logistic"], properties=["symmetric"])),
    "module": ("value_finite[float32]", lambda m: audited(m.Focal(gamma=1.5), **LOGITS, properties=["value_finite"])),
    "torch's module": (
        "symmetric",
        lambda m: audited(__import__("torch").nn.CrossEntropyLoss(label_smoothing=0.1), properties=["symmetric"]),
    ),
    "factory": ("symmetric", lambda m: audited(m.make(scale=2.0), **MARGIN, properties=["symmetric"])),
    "partial": ("symmetric", lambda m: audited(m.bound, **MARGIN, properties=["symmetric"])),
    "gradient and Hessian": (
        "second_order",
        lambda m: audited(m.boosted, kind="binary", properties=["second_order"], effort="quick"),
    ),
    "label smoothing": ("label_smoothing", lambda m: audited(m.smoothed, **LOGITS, properties=["label_smoothing"])),
    "comparison": (
        "same_value[float32]",
        lambda m: losscheck.compare(m.naive, m.repaired, dtypes=("float32",), **LOGITS),
    ),
}


def again(line: str) -> Report:
    """Run a line: a command in this process, whose audits run in workers anyway."""
    program, *words = shlex.split(line)
    assert program == "losscheck"
    done = CliRunner().invoke(app, [*words, "--json", "again.json"])
    assert done.exit_code in (0, 1), done.output
    return Report.from_json(Path("again.json").read_text())


def same(now: Finding, then: Finding) -> bool:
    return (now.verdict, now.severity, now.witness, now.claim) == (
        then.verdict, then.severity, then.witness, then.claim
    )  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_the_line_gives_the_finding_again(mine: Any, what: str) -> None:
    name, ask = ASKED[what]
    report = ask(mine)
    finding = report[name] if name in {f.id for f in report.findings} else report[name.partition("[")[0]]
    assert finding.verdict == "refuted" or finding.standing == "violated", report
    found = again(report.reproduce(finding))
    assert any(same(each, finding) and each.property == finding.property for each in found.findings), found


def test_a_line_runs_in_a_shell(mine: Any) -> None:
    report = audited(mine.exponential, **MARGIN, **LIPSCHITZ)
    line = report.reproduce(report["lipschitz"])
    program = f"{sys.executable} -m {line} --json again.json"
    assert subprocess.run(program, shell=True, capture_output=True, timeout=120).returncode == 1
    assert json.loads(Path("again.json").read_text())["findings"][0]["standing"] == "violated"


def test_without_an_address_the_line_is_a_call(mine: Any) -> None:
    import numpy as np

    def local(v: Any) -> Any:
        return np.exp(-v)

    for loss in (local, lambda v: np.exp(-v), functools.partial(local)):
        report = audited(loss, **MARGIN, properties=["symmetric"])
        line = report.reproduce(report["symmetric"])
        assert report.address is None
        found = eval(line, {"losscheck": losscheck, "loss": loss, "local": local})
        assert same(found["symmetric"], report["symmetric"])


def test_objects_of_adapters(mine: Any) -> None:
    loss = objective(mine.boosted, kind="binary", style="plain")
    report = audited(loss, properties=["second_order"], effort="quick")
    line = report.reproduce(report["second_order"])
    found = again(line) if report.address else eval(line, {"losscheck": losscheck, "boosted": loss})
    assert same(found["second_order"], report["second_order"])
