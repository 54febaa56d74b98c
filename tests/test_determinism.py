"""The same code and seed give the same bytes, times aside, in this process and in any other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

import losscheck

ROOT = Path(__file__).parent.parent
SCRIPT = """
import losscheck
report = losscheck.audit("torch.nn.functional:soft_margin_loss", seed=3, dtypes=["float64", "float32"])
print(report.to_json())
"""


def without_times(text: str) -> str:
    return re.sub(r'"seconds": ?[-+.e0-9]+', '"seconds": 0', text)


def from_process(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return without_times(done.stdout)


def test_two_processes_write_the_same_report() -> None:
    assert from_process("1") == from_process("2")


def drawing(v: Any) -> Any:
    return (v + np.random.normal(size=v.shape)) ** 2  # noqa: NPY002  (the global state is the point)


def test_a_warm_worker_answers_like_a_cold_one() -> None:
    def once() -> str:
        return without_times(losscheck.audit(drawing, signature="v:(N,):real", seed=1).to_json())

    first = once()
    assert once() == once() == first


def test_the_seed_moves_the_inputs() -> None:
    def shown(seed: int) -> Any:
        report = losscheck.audit(lambda v: v * np.nan, signature="v:(N,):real", seed=seed, properties=["value_finite"])
        return report["value_finite[float64]"].witness

    assert shown(0) != shown(1)
