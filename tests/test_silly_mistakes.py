"""What a new user does wrong: every message says what was given, what is allowed, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import losscheck
from losscheck.behaviour.misfit import misfit
from losscheck.cli import app
from losscheck.signature import parse

CODE = """
import numpy as np

def fine(v): return np.exp(-v)
def three(a, b, c): return a + b + c
def named_only(*, v): return v
def generator(v): yield v
async def coroutine(v): return v
def text(v): return "a loss"
def table(v): return {"loss": v}
def nothing(v): pass
def waves(v): return np.exp(1j * v)

class Scaled:
    def __init__(self, gamma): self.gamma = gamma
    def __call__(self, v): return np.exp(-self.gamma * v)

number = 3
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "silly.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("three", "it was called with (v) and takes (a, b, c): choose another kind=, give signature="),
        ("named_only", "it was called with (v) and takes (*, v): choose another kind="),
        ("generator", "returned something of type generator; it must return real numbers, one per row"),
        ("coroutine", "returned something of type coroutine; it must return real numbers"),
        ("text", "returned something of type str; it must return real numbers"),
        ("table", "returned something of type dict; it must return real numbers"),
        ("nothing", "returned None; it must return real numbers"),
        ("waves", "returned complex numbers; it must return real numbers"),
        ("Scaled", "a class is named with its arguments, as in file.py:Name(2.0)"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_losses_that_are_none(mine: Path, name: str, told: str) -> None:
    report = losscheck.audit(f"silly.py:{name}", kind="margin", properties=["accepts_valid_input"])
    assert not report.ok
    assert told in report["accepts_valid_input"].message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("audit silly.py:fin --kind margin", "has no attribute 'fin'; did you mean fine?"),
        ("audit silly.py:number --kind margin", "of type int, which is not callable; name a function"),
        ("audit nowhere_at_all:f --kind margin", "install it, run this in the folder that holds 'nowhere_at_all'"),
        ("audit silly.py --kind margin", "write 'package.module:attr'"),
        ("audit silly.py:fine", "give kind=, one of margin, binary"),
        ("audit silly.py:fine --kind margn", "did you mean 'margin'?"),
        ("audit silly.py:fine --kind margin --html no/such/page.html", "there is no folder no/such; make it"),
        ("audit silly.py:fine --kind margin --json .", "is a folder; give the name of a file in it"),
        ("audit focl", "did you mean focal?"),
        ("ci", "there is no pyproject.toml here; run this in the project's folder"),
        ("verify silly.py", "it is no JSON"),
        ("replay x --from silly.py", "give a report (--json writes one) or a certificate"),
    ],
)
def test_commands(mine: Path, words: str, told: str) -> None:
    done = CliRunner().invoke(app, words.split())
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == "", "nothing was audited before the mistake was seen"


def test_a_call_that_fits_is_not_blamed() -> None:
    def loss(z: Any, y: Any, gamma: float = 1.0) -> Any:
        raise TypeError("something of its own")

    signature = parse("z:(N,):real y:(N,):{0,1}")
    assert misfit(loss, signature, {"gamma": 2.0}) is None
    assert "takes (z, y, gamma=" not in str(misfit(max, signature, {}))
    assert "bind the rest with params=" in str(misfit(loss, signature, {"delta": 1}))
