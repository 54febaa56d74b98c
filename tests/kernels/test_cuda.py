"""Kernels for GPUs without a GPU: run in Numba's simulator, and compiled to PTX for two architectures."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from losscheck.kernel import kernels
from losscheck.kernels.cuda.sparse import SPARSE
from losscheck.kernels.cuda.tails import OF_MARGINS, OF_ROWS
from losscheck.kernels.cuda.twins import TWINS

ROOT = Path(__file__).parent.parent.parent
COMPILER = all(importlib.util.find_spec(name) for name in ("numba_cuda", "cuda"))


def test_the_script_for_a_card_runs_dry() -> None:
    command = [sys.executable, ROOT / "tests" / "benchmarks" / "gpu.py", "dry"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "kernels agree with those of the CPU" in done.stdout
    assert [line.split(" | ")[0] for line in done.stdout.splitlines() if "| 4 x 3" in line] == [
        "| softmax",
        "| forward",
        "| forward+backward",
    ]


def run(module: str, *arguments: str, **environment: str) -> str:
    """What a module prints in a process of its own: the simulator is chosen before Numba is imported."""
    command = [sys.executable, "-m", f"tests.kernels.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_simulator_agrees_with_the_kernels_of_the_cpu() -> None:
    assert run("simulated", NUMBA_ENABLE_CUDASIM="1").strip() == "simulated"


@pytest.mark.skipif(not COMPILER, reason="needs the extra cuda: pip install losscheck[cuda]")
def test_kernels_compile_for_two_architectures_without_a_gpu() -> None:
    every = ["all"] if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else []
    lines = [line.split(" | ") for line in run("compiled", *every).splitlines()]
    assert [target for name, target, _ in lines if name == "cross-entropy, shuffled"] == ["sm_80", "sm_90"]
    shuffles = {name: int(told.split()[0]) for name, _, told in lines}
    assert shuffles["cross-entropy, shuffled"] > 0 == shuffles["cross-entropy, shared"]
    assert shuffles["softmax of bfloat16"] > 0 == shuffles["cross-entropy, alone, float16"]
    twins = [(name.split(", "), target) for name, target, _ in lines[7:]]
    assert {name for (name, _), _ in twins} == {*TWINS, *SPARSE, "linear_cross_entropy", "softmax_topk"}
    assert {(body, target) for (_, body), target in twins} == {
        (body, target) for body in ("shared", "shuffled") for target in ("sm_80", "sm_90")
    }
    assert all((count > 0) == name.endswith("shuffled") for name, count in list(shuffles.items())[6:])
    assert len(lines) == 7 + len(twins)


def test_every_kernel_of_rows_has_a_twin() -> None:
    """All but the cases of another: comp_sum at 1, active_passive at (1, 0), softmax in another order."""
    known = {*TWINS, *SPARSE, *OF_ROWS, "softmax", "log_softmax", "logsumexp", "linear_cross_entropy", "softmax_topk"}
    rows = {name for name, entry in kernels().items() if entry.shape in ("rows", "targets", "map", "sum", "batch")}
    margins = {name for name, entry in kernels().items() if entry.shape == "elementwise"}
    assert margins == set(OF_MARGINS)
    assert rows - known == {"cross_entropy", "normalized_cross_entropy", "softmax_two_pass"}
