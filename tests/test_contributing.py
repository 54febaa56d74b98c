"""The guide's property works as it stands there."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from losscheck import property as registry
from losscheck.behaviour.trial import Trial
from losscheck.signature import parse
from losscheck.verdict import Verdict

ROOT = Path(__file__).parent.parent


def test_a_property_in_ten_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"<!-- property -->\n```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    body = code.partition("@behaviour")[2]
    assert len(body.splitlines()) <= 10
    registry.properties()
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    (tmp_path / "finite_on_zeros.py").write_text(code)
    spec = importlib.util.spec_from_file_location("finite_on_zeros", tmp_path / "finite_on_zeros.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "finite_on_zeros", module)
    spec.loader.exec_module(module)
    entry = registry.properties()["finite_on_zeros"]
    assert entry.doc.startswith("Scores of zero")

    def verdict(loss: object) -> Verdict:
        trial = Trial(loss, parse("v:(N,):real"), params={}, n_classes=3, dtypes=("float64",), effort="quick", seed=0)
        with np.errstate(all="ignore"):
            return next(outcome.verdict for outcome in entry.answer(trial))

    assert verdict(lambda v: np.logaddexp(0, -v)) is Verdict.SUPPORTED
    assert verdict(lambda v: 1 / v) is Verdict.REFUTED
