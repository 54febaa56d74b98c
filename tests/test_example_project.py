"""The example project: installed as a user would, tested with pytest-xdist, gated with `losscheck ci`."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHOP = ROOT / "docs" / "examples" / "shop"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, its package installed beside it from its own pyproject.toml, without a network."""
    where = tmp_path_factory.mktemp("user")
    shutil.copytree(SHOP, where / "shop", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", str(where / "site"), str(where / "shop")], check=True, timeout=120)
    return where / "shop"


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(project.parent / "site"), str(ROOT)])
    told = {name: value for name, value in os.environ.items() if name != "CI"} | {  # pytest says more where CI is set
        "PYTHONPATH": path,
        "LOSSCHECK_CACHE": str(project / "cache"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    told |= {"GITHUB_STEP_SUMMARY": str(project / "summary.md")}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=project, capture_output=True, text=True, timeout=240, check=False, env=told
    )


PYTEST = ["pytest", "-q", "-p", "losscheck.pytest_plugin", "-p", "xdist.plugin", "-p", "no:cacheprovider", "-n", "2"]


def test_its_tests_pass_and_sum_up(project: Path) -> None:
    done = run(project, *PYTEST, "-k", "promise or convex or value_finite")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ passed, 1 xfailed", done.stdout), done.stdout
    summary = done.stdout.partition("= losscheck =")[2]
    assert re.search(r"\d+ supported, 4 proved, 4 refuted", summary), done.stdout
    assert "refuted      naive_logistic: value_finite[float64]" in summary
    assert "refuted      hinge: differentiable" in summary


def test_a_failure_shows_the_smallest_witness_and_a_line_to_copy(project: Path) -> None:
    (project / "tests" / "test_broken.py").write_text(
        "from shop.losses import naive_logistic\nfrom losscheck.testing import AuditSuite\n\n\n"
        "class TestNaive(AuditSuite):\n    losses = [naive_logistic]\n"
        "    arguments = {'kind': 'margin', 'effort': 'quick', 'dtypes': ('float64',)}\n"
    )
    done = run(project, *PYTEST, "-k", "value_finite and TestNaive", "tests/test_broken.py")
    assert done.returncode == 1
    assert "naive_logistic: 1 finding of severity error" in done.stdout
    assert "v = [-709.78" in done.stdout, "the threshold to the last digit"
    assert "to reproduce: import losscheck; from shop.losses import naive_logistic" in done.stdout
    assert len(done.stdout.splitlines()) < 45, "no frames of ours in between"
    line = re.search(r"reproduce: (losscheck\.audit\(.*\))", done.stdout)[1]
    code = f"import losscheck; from shop.losses import naive_logistic; print({line}.ok)"
    (project / "copied.py").write_text(code)
    assert run(project, "copied").stdout == "False\n"


def test_the_workflow_runs(project: Path) -> None:
    """The commands of the workflow file, as they stand, in the order they stand in."""
    steps = (SHOP / ".github" / "workflows" / "losscheck.yml").read_text()
    (command,) = re.findall(r"run: (losscheck ci .*)", steps)
    words = [word.replace("$GITHUB_STEP_SUMMARY", str(project / "summary.md")) for word in shlex.split(command)]
    done = run(project, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept for comparison: overflows by design" in done.stdout
    for name in ("summary.md", "losscheck.html", "losscheck.sarif", "losscheck.xml"):
        assert (project / name).stat().st_size > 500
    # A claim that does not hold makes the same command fail.
    told = (project / "pyproject.toml").read_text()
    (project / "pyproject.toml").write_text(told.replace("differentiable = false", "differentiable = true"))
    assert run(project, "losscheck", "ci").returncode == 1
