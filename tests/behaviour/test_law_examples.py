"""Every law has three losses that break it and three look-alikes that keep it, and says when it speaks."""

from __future__ import annotations

import importlib
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from losscheck.explaining import explanation
from losscheck.finding import Finding
from losscheck.property import properties
from losscheck.verdict import Severity, refuted

LAWS = sorted(name for name, law in properties().items() if law.layer == "behaviour")
MODULES = [
    importlib.import_module(f"tests.behaviour.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    if "test_the_law_is_broken, test_the_law_is_kept" in file.read_text(encoding="utf-8")
    and file.stem != Path(__file__).stem
]


@pytest.mark.parametrize("given", ["BROKEN", "HEALTHY"])
def test_three_losses_each(given: str) -> None:
    cases = [case for module in MODULES for case in getattr(module, given)]
    count = Counter(name for name, *_ in {(name, loss, signature) for name, loss, signature in cases})
    assert set(count) <= set(LAWS)
    assert {name: count[name] for name in LAWS if count[name] < 3} == {}


@pytest.mark.parametrize("name", LAWS)
def test_a_law_says_when_it_speaks(name: str) -> None:
    law = properties()[name]
    sections = dict(re.findall(r"^(\w[\w ]+)\n-+\n(.*?)(?=\n\w[\w ]+\n-+\n|\Z)", law.doc, re.DOTALL | re.MULTILINE))
    answers = dict(re.findall(r"^([A-Z_]+)\n((?:    .+\n?)+)", sections["Answers"], re.MULTILINE))
    assert {"SUPPORTED", "REFUTED"} <= set(answers)
    assert "everity" in answers["REFUTED"]
    assert "itness" in answers["REFUTED"]
    code = inspect.getsource(inspect.getmodule(law.answer))
    assert ("NOT_APPLICABLE" in answers) == ("not_applicable(" in code)
    assert sections["Known exceptions"].strip()


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.ERROR])
@pytest.mark.parametrize("name", LAWS)
def test_a_law_is_waived_as_it_says(name: str, severity: Severity) -> None:
    assert f'waive={{"{name}": "..."}}' in explanation(name)
    for dtype, key in ((None, name), ("float32", name), ("float32", f"{name}[float32]")):
        outcome = refuted("broken", witness={"inputs": {}}, severity=severity, dtype=dtype)
        found = Finding.join(outcome, name, layer="behaviour", waive={key: "issue 12"})
        assert (found.severity, found.waived) == (Severity.NOTE, "issue 12")
    other = Finding.join(outcome, name, layer="behaviour", waive={f"{name}[float16]": "issue 12"})
    assert (other.severity, other.waived) == (severity, None)
