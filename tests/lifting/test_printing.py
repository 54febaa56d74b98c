"""Losses that print what they compute are read; losses that could read what they printed are not."""

import contextlib
import io
import sys
from pathlib import Path

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.lifting.printing import goes_nowhere
from losscheck.lifting.unsupported import Unsupported

CODE = """
import contextlib, io, os, sys
import numpy as np
import torch

def tells(v):
    print("margins", v, sep=": ")
    print(np.exp(-v), file=sys.stderr, flush=True)
    return np.maximum(0, 1 - v)

def tells_in_torch(v):
    print(v.mean(), "and", v.shape)
    return torch.relu(1 - v)

def reads_back(v):
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        print(v)
    return np.maximum(0, 1 - v) + (1.0 if "[0.123" in told.getvalue() else 0.0)

def reads_a_file(v):
    with open(os.devnull, "w") as file:
        print(v, file=file)
    return np.maximum(0, 1 - v)

def formats(v):
    print(f"margins {v}")
    return np.maximum(0, 1 - v)

def keeps_the_file(v):
    read, write = os.pipe()
    keep = os.dup(1)
    os.dup2(write, 1)
    print(v, flush=True)
    os.dup2(keep, 1)
    os.close(write)
    told = os.read(read, 100)
    os.close(read)
    os.close(keep)
    return np.maximum(0, 1 - v) + (1.0 if b"[0.123" in told else 0.0)
"""


@pytest.mark.parametrize("name", ["tells", "tells_in_torch"])
def test_a_loss_that_prints_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CODE)
    report = losscheck.audit(f"{tmp_path / 'mine.py'}:{name}", kind="margin", properties=["convex"])
    assert report["convex"].verdict is losscheck.Verdict.PROVED, report


@pytest.mark.parametrize("name", ["reads_back", "reads_a_file", "formats", "keeps_the_file"])
def test_text_that_could_be_read_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CODE)
    report = losscheck.audit(f"{tmp_path / 'mine.py'}:{name}", kind="margin", properties=["convex"])
    assert report["convex"].verdict is losscheck.Verdict.UNSUPPORTED, report
    assert "as text" in report["convex"].message


def test_what_goes_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "file").open("w") as file:
        assert not goes_nowhere(file)
        monkeypatch.setattr(sys, "__stdout__", file)
        assert not goes_nowhere(file), "though it stands where standard output should"
    assert not goes_nowhere(io.StringIO())
    assert not goes_nowhere(io.TextIOWrapper(io.BytesIO()))


def test_a_print_that_is_captured_in_this_process_is_refused() -> None:
    def tells(v: np.ndarray) -> np.ndarray:
        print(v)
        return np.maximum(0, 1 - v)

    with contextlib.redirect_stdout(io.StringIO()), pytest.raises(Unsupported, match="as text"):
        lift(tells, kind="margin")
