"""Addresses: another process loads the same loss, or there is none."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import losscheck
from losscheck.address import address, guesses, in_words, rebuilds
from losscheck.target import Target, parse_target

CODE = """
import functools
import numpy as np

def loss(v, gamma=1.0):
    return np.exp(-gamma * v)

def make(gamma=1.0, name="plain"):
    def made(v):
        return np.exp(-gamma * v)
    return made

def hidden(gamma):
    half = gamma / 2
    return lambda v: np.exp(-half * v)

class Scaled:
    def __init__(self, gamma, cap=None):
        self.gamma, self.cap = gamma, cap
    def __call__(self, v):
        return np.exp(-self.gamma * v)

class Forgets:
    def __init__(self, gamma):
        self.half = gamma / 2
    def __call__(self, v):
        return np.exp(-self.half * v)

class Lies(Scaled):
    def __init__(self, gamma):
        super().__init__(gamma)
        self.gamma = gamma + 1.0

bound = functools.partial(loss, gamma=3.0)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "mine_at_home.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine_at_home", raising=False)
    return __import__("mine_at_home")


def test_what_is_defined_somewhere(mine: Any) -> None:
    import torch

    assert address(mine.loss) == "mine_at_home:loss"
    assert address(torch.nn.functional.cross_entropy) == "torch.nn.functional:cross_entropy"
    assert address("focal") == "focal"
    assert address(losscheck.catalogue["focal"]) == "focal"
    assert address(losscheck.Loss("a/b.py:f")) == "a/b.py:f"
    for nowhere in (lambda v: v, mine.make(2.0), mine.bound, mine.Scaled(1.0)):
        assert address(nowhere) is None


def test_what_was_made(mine: Any) -> None:
    for thing, wanted in (
        (mine.make(gamma=2.0), "mine_at_home:make(gamma=2.0)"),
        (mine.make(), "mine_at_home:make()"),
        (mine.Scaled(2, cap=[1.0, 2.0]), "mine_at_home:Scaled(gamma=2, cap=[1.0, 2.0])"),
        (mine.bound, "mine_at_home:bound"),
    ):
        found = guesses(thing)
        assert found[0] == wanted
        assert rebuilds(found[0], thing)
        assert losscheck.Loss(wanted)(0.5) == thing(0.5)


def test_a_guess_that_makes_something_else_is_none(mine: Any) -> None:
    assert guesses(mine.hidden(1.0)) == []
    assert guesses(mine.Forgets(1.0)) == []
    assert guesses(functools.partial(mine.loss, gamma=1.0)) == []
    assert guesses(mine.Scaled(float("nan"))) == []
    assert guesses(mine.Scaled({1: object()})) == []
    [lie] = guesses(mine.Lies(1.0))
    assert lie == "mine_at_home:Lies(gamma=2.0)"
    assert not rebuilds(lie, mine.Lies(1.0))
    assert not rebuilds("mine_at_home:gone", mine.loss)


def test_torch_modules_with_arguments_and_buffers() -> None:
    import torch

    [told] = guesses(smooth := torch.nn.CrossEntropyLoss(label_smoothing=0.1))
    assert told == "torch.nn.modules.loss:CrossEntropyLoss(label_smoothing=0.1)"
    assert rebuilds(told, smooth)
    weighted = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))
    assert not any(rebuilds(each, weighted) for each in guesses(weighted))


def test_reports_say_it(mine: Any) -> None:
    asked: dict[str, Any] = {"kind": "margin", "properties": ["convex"]}
    assert losscheck.audit(mine.make(gamma=2.0), **asked).address == "mine_at_home:make(gamma=2.0)"
    assert losscheck.audit(mine.Lies(1.0), **asked).address is None
    assert losscheck.audit(mine.loss, params={"gamma": 2.0}, **asked).address == "mine_at_home:loss"
    report = losscheck.audit("mine_at_home.py:make(gamma=2.0)", **asked)
    assert (report.target, report.address) == ("mine_at_home.py:make(gamma=2.0)",) * 2
    assert losscheck.Report.from_json(report.to_json()) == report


def test_parameters_in_words() -> None:
    import torch

    assert in_words({"gamma": (0, 5), "reduction": "sum", "w": [1.0, 2.0], "n": None})
    assert not in_words({"weight": torch.ones(3)})


def test_a_script_that_audits_is_not_run_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import losscheck\n\ndef loss(v):\n    return v * v\n\nlosscheck.audit(loss, kind='margin')\n"
    )
    with pytest.raises(ImportError, match="if __name__ == '__main__'"):
        losscheck.audit(f"{tmp_path / 'script.py'}:loss", kind="margin", properties=["convex"])


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("m:f", Target("m", "f")),
        ("a/b(c)/m.py:f.g", Target("a/b(c)/m.py", "f.g")),
        ("m:f()", Target("m", "f", (), {})),
        ("m:f(1, 'a:b(c)', w={'k': (1, None)})", Target("m", "f", (1, "a:b(c)"), {"w": {"k": (1, None)}})),
        ("m:f(-2.5)", Target("m", "f", (-2.5,), {})),
    ],
)
def test_targets_are_read_and_written(text: str, target: Target) -> None:
    assert parse_target(text) == target
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    "text",
    ["", "m", "m:", ":f", "m:f(", "m:f(g())", "m:f(**{})", "m:f(x)", "m:f(1)(2)", "m:f() + 1", "m:1f", "m:f("
     + "[" * 9000 + "]" * 900 + ")", "m:" + "f" * 20_000, "m:f(__import__('os').system('touch owned'))", "m:f g"],
)  # fmt: skip
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError, match=r"loss=.*(write|literals)"):
        parse_target(text)


def test_a_file_edited_after_another_of_its_name_was_read(tmp_path: Path) -> None:
    """A warm worker keeps what it read; it must notice every edit, whatever else was called like the file."""
    for folder, code in (("a", "abs(v)"), ("b", "abs(v)"), ("b", "-abs(v)")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "mine.py").write_text(f"def loss(v):\n    return {code}\n")
        report = losscheck.audit(f"{tmp_path / folder / 'mine.py'}:loss", kind="margin", properties=["convex"])
        assert report["convex"].verdict == ("refuted" if code.startswith("-") else "proved")
