"""Kernels for GPUs without a GPU: run in Numba's simulator, and compiled to PTX for two architectures."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COMPILER = all(importlib.util.find_spec(name) for name in ("numba_cuda", "cuda"))


def run(module: str, **environment: str) -> str:
    """What a module prints in a process of its own: the simulator is chosen before Numba is imported."""
    command = [sys.executable, "-m", f"tests.kernels.{module}"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_simulator_agrees_with_the_kernels_of_the_cpu() -> None:
    assert run("simulated", NUMBA_ENABLE_CUDASIM="1").strip() == "simulated"


@pytest.mark.skipif(not COMPILER, reason="needs the extra cuda: pip install losscheck[cuda]")
def test_kernels_compile_for_two_architectures_without_a_gpu() -> None:
    lines = [line.split(" | ") for line in run("compiled").splitlines()]
    assert [target for name, target, _ in lines if name == "cross-entropy, shuffled"] == ["sm_80", "sm_90"]
    shuffles = {name: int(told.split()[0]) for name, _, told in lines}
    assert shuffles["cross-entropy, shuffled"] > 0 == shuffles["cross-entropy, shared"]
    assert shuffles["softmax of bfloat16"] > 0 == shuffles["cross-entropy, alone, float16"]
    assert len(lines) == 7
