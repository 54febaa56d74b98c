"""The testing API and the pytest plugin, in a session of their own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck import ClaimRefuted, Verdict
from losscheck.audit_check import checks
from losscheck.testing import AuditSuite, assert_property, parametrize_with_audits

ROOT = Path(__file__).parent.parent


def hinge(v: Any) -> Any:
    return np.maximum(0, 1 - v)


def test_assert_property_returns_the_finding() -> None:
    assert assert_property(hinge, "convex", kind="margin").verdict is Verdict.PROVED
    assert assert_property(hinge, "symmetric", holds=False, kind="margin").verdict is Verdict.REFUTED
    assert assert_property(hinge, "deterministic", kind="margin").verdict is Verdict.SUPPORTED


def test_assert_property_says_what_is_wrong_and_how_to_see_it() -> None:
    with pytest.raises(ClaimRefuted, match=r"symmetric should hold(.|\n)*refuted(.|\n)*losscheck.audit"):
        assert_property(hinge, "symmetric", kind="margin")
    with pytest.raises(ClaimRefuted, match="should fail"):
        assert_property(hinge, "convex", holds=False, kind="margin")


def test_an_expected_failure_must_name_a_check() -> None:
    with pytest.raises(ValueError, match="convexx"):
        parametrize_with_audits([hinge], kind="margin", expected_failures={"convexx": "typo"})


def test_checks_follow_from_the_kind() -> None:
    names = {check.property for check in checks([hinge], kind="margin")}
    assert {"convex", "classification_calibrated", "value_finite"} <= names
    assert "proper" not in names


def test_a_session_fails_where_the_code_breaks_and_sums_up(tmp_path: Path) -> None:
    (tmp_path / "test_losses.py").write_text(
        textwrap.dedent("""
        import numpy as np
        from losscheck.testing import assert_property, parametrize_with_audits

        def naive_softplus(v):
            return np.log(1 + np.exp(-v))

        @parametrize_with_audits([naive_softplus], kind="margin", expected_failures={"value_finite": "overflows"})
        def test_audits(check):
            if check.property in ("convex", "value_finite", "pure"):
                check()
            elif check.property == "symmetric":
                assert_property(check.loss, "symmetric", kind="margin")
        """)
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "losscheck.pytest_plugin",
            "-p",
            "no:cacheprovider",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
    assert "1 xfailed" in done.stdout
    assert "naive_softplus: convex" not in done.stdout, "what is proved needs no line of its own"
    assert "refuted      naive_softplus: symmetric" in done.stdout
    assert "refuted      naive_softplus: value_finite[float64]" in done.stdout


def test_an_expected_failure_has_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason for convex"):
        parametrize_with_audits([hinge], kind="margin", expected_failures={"convex": " "})


def test_a_suite_is_subclassed() -> None:
    class TestHinge(AuditSuite):
        losses = (hinge,)
        arguments = {"kind": "margin"}  # noqa: RUF012
        expected_failures = {"pure": "a test of the test"}  # noqa: RUF012
        strict = False

    (mark,) = TestHinge.test_audit.pytestmark
    ids = {case.id for case in mark.args[1]}
    assert {"hinge-convex", "hinge-pure", "hinge-value_finite"} <= ids
    marked = {case.id: case.marks[0] for case in mark.args[1] if case.marks}
    assert {name: found.kwargs["strict"] for name, found in marked.items()} == {"hinge-pure": False}
    check = next(case.values[0] for case in mark.args[1] if case.id == "hinge-convex")
    assert TestHinge.test_audit(TestHinge(), check) is None


def counting(v: Any) -> Any:
    v += 1
    return -v


def test_a_failure_says_how_to_see_it_again() -> None:
    (check,) = [each for each in checks([counting], kind="margin") if each.property == "pure"]
    with pytest.raises(ClaimRefuted, match=r"witness: (.|\n)*reproduce: losscheck audit .*:counting ") as caught:
        check()
    line = str(caught.value).partition("reproduce: ")[2].splitlines()[0]
    done = subprocess.run([sys.executable, "-m", *shlex.split(line)], capture_output=True, text=True, cwd=Path.cwd())
    assert done.returncode == 1, done.stderr


def test_a_failure_of_a_loss_that_is_imported_otherwise_says_the_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "__init__.py").touch()
    (tmp_path / "shelf" / "counts.py").write_text("def counts(v):\n    v += 1\n    return -v\n")
    monkeypatch.syspath_prepend(tmp_path)
    from importlib import import_module

    counts = import_module("shelf.counts").counts
    (check,) = [each for each in checks([counts], kind="margin") if each.property == "pure"]
    with pytest.raises(ClaimRefuted, match=r"reproduce: losscheck\.audit\(counts, ") as caught:
        check()
    assert caught.value.__notes__ == ["to reproduce: import losscheck; from shelf.counts import counts"]
    line = str(caught.value).partition("reproduce: ")[2].splitlines()[0]
    assert eval(line, {"losscheck": losscheck, "counts": counts})["pure"].verdict is Verdict.REFUTED


def test_the_kind_of_a_well_known_loss_is_known() -> None:
    functional = pytest.importorskip("torch.nn.functional")
    assert "shift_invariant" in {check.property for check in checks([functional.cross_entropy])}
