"""Holes that a review found: each of these losses or certificates was accepted once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from losscheck.verifier import CertificateRejected, verify

SIGN = {"rule": "nonnegative_by_signs", "labels": [{"way": "sign"}]}


def certificate(kind: str, variables: list[str], domain: str, rows: list[list[Any]], **proof: Any) -> dict[str, Any]:
    """A claim that a hand-written loss with the label 1 is nonnegative; its root is the last row."""
    return {
        "losscheck": 1, "graph": {"nodes": rows, "roots": [len(rows) - 1]}, "kind": kind,
        "n_classes": 2 if kind == "soft" else None, "labels": [1], "variables": variables, "domain": domain,
        "constants": {}, "proof": proof or SIGN,
        "claim": {
            "property": "nonnegative", "params": {}, "verdict": "proved", "value": None, "bounds": None, "slack": None,
        },
    }  # fmt: skip


def less_itself(first: list[list[Any]], kept: int) -> list[list[Any]]:
    """Rows of ``kept + log b - log b`` with b the last of the rows given."""
    at = len(first)
    return [*first, ["log", None, [at - 1]], ["add", ["0", "1", "1", "-1"], [kept, at, at]]]


SOFT: list[list[Any]] = [
    ["var", "z0", []], ["var", "z1", []], ["var", "q0", []], ["var", "q1", []], ["exp", None, [0]],
]  # fmt: skip
V: list[list[Any]] = [["var", "v", []], ["pow", "2", [0]]]


def test_what_cancels_in_the_scores_of_soft_labels_must_have_been_defined_at_every_score() -> None:
    # log z1^2 - log z1^2 has no value at z1 = 0; an entry of the label may be 0, as terms of q alone may have no value
    where = "soft", ["z0", "z1", "q0", "q1"], "z:real q:simplex"
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(certificate(*where, less_itself([*SOFT, ["pow", "2", [1]]], 4)))
    label = [*SOFT, ["log", None, [2]], ["add", ["0", "1", "1", "-1"], [4, 5, 5]]]
    assert verify(certificate(*where, label)).verdict == "proved"


@pytest.mark.parametrize("domain", ["real", "yhat:real y:positive"])
def test_what_cancels_in_a_regression_loss_must_have_been_defined(domain: str) -> None:
    rows: list[list[Any]] = [["var", "yhat", []], ["var", "y", []], ["exp", None, [1]], ["pow", "2", [0]]]
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(certificate("regression", ["yhat", "y"], domain, less_itself(rows, 2)))


@pytest.mark.parametrize(("power", "beside"), [("1/2", "log"), ("3/2", "log"), ("3/2", "exp")])
def test_a_power_of_the_same_base_says_nothing_of_a_logarithm_that_cancels(power: str, beside: str) -> None:
    # |v|^(3/2) is 0 at v = 0, where log v^2 - log v^2 has no value
    rows = [*V, ["pow", power, [1]], ["log", None, [1]]]
    if beside == "exp":  # the power written as exp(3/2 log b), beside the same logarithm that cancels
        rows = [*V, ["log", None, [1]], ["add", ["0", power], [2]], ["exp", None, [3]]]
    log, kept = (3, 2) if beside == "log" else (2, 4)
    rows = [*rows, ["add", ["0", "1", "1", "-1"], [kept, log, log]]]
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(certificate("margin", ["v"], "real", rows))


def test_a_power_written_as_a_logarithm_may_not_cancel_undefined() -> None:
    # exp(3/2 log v) - exp(3/2 log v) + v^2 has no value at v < 0
    rows: list[list[Any]] = [
        *V, ["log", None, [0]], ["add", ["0", "3/2"], [2]], ["exp", None, [3]],
        ["add", ["0", "1", "1", "-1"], [1, 4, 4]],
    ]  # fmt: skip
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(certificate("margin", ["v"], "real", rows))


@pytest.mark.parametrize(("elsewhere", "accepted"), [("0", True), ("0 log 0", True), ("log 0", False)])
def test_a_divergence_that_is_minus_infinity_on_a_face_is_not_nonnegative(elsewhere: str, accepted: bool) -> None:
    # sum of where(q > 0, q log q, ...) - q log softmax(z): what stands for q = 0 may be no number, but not -infinity
    other = {"0": (4, 4), "0 log 0": (8, 9), "log 0": (6, 7)}[elsewhere]
    rows: list[list[Any]] = [
        *SOFT[:4], ["const", "0", []], ["lse", None, [0, 1]], ["log", None, [2]], ["log", None, [3]],
        ["mul", None, [2, 6]], ["mul", None, [3, 7]], ["lt", None, [4, 2]], ["lt", None, [4, 3]],
        ["where", None, [10, 8, other[0]]], ["where", None, [11, 9, other[1]]], ["mul", None, [2, 0]],
        ["mul", None, [3, 1]], ["add", ["0", "1", "1", "1", "-1", "-1"], [12, 13, 5, 14, 15]],
    ]  # fmt: skip
    made = certificate(
        "soft", ["z0", "z1", "q0", "q1"], "z:real q:simplex", rows, rule="nonnegative_by_gibbs", alpha="1", c="1"
    )
    if accepted:
        assert verify(made).verdict == "proved"
    else:
        with pytest.raises(CertificateRejected, match="-infinity"):
            verify(made)


# 0: v, 1: 1, 2: 0, 3: v < 1, 4: (1 - v)^2, 5: where(v < 1, (1 - v)^2, 0), 6: log(3 - v)
HALF: list[list[Any]] = [
    ["var", "v", []], ["const", "1", []], ["const", "0", []], ["lt", None, [0, 1]], ["add", ["1", "-1"], [0]],
    ["pow", "2", [4]], ["where", None, [3, 5, 2]], ["add", ["3", "-1"], [0]], ["log", None, [7]],
]  # fmt: skip


def test_what_a_branch_multiplies_by_0_must_have_been_defined() -> None:
    # (1 - v)^2 log(3 - v) for v < 1, and then 0 log(3 - v), which is no number for v > 3
    proof = {"rule": "nonnegative_by_signs", "labels": [{"way": "pieces", "breaks": ["1"]}]}
    with pytest.raises(CertificateRejected, match="a branch takes away"):
        verify(certificate("margin", ["v"], "real", [*HALF, ["mul", None, [6, 8]]], **proof))
    taken = [*HALF, ["mul", None, [5, 8]], ["where", None, [3, 9, 2]]]  # the logarithm inside the branch
    assert verify(certificate("margin", ["v"], "real", taken, **proof)).verdict == "proved"


def with_parameter(rows: list[list[Any]], asked: str, **proof: Any) -> dict[str, Any]:
    """A claim about a margin loss for every g in [1, 2]."""
    made = certificate("margin", ["v"], "real", rows, **proof)
    made["parameters"] = [["g", "1", "2"]]
    made["claim"] |= {"property": asked, "params": {"g": "1..2"}}
    return made


@pytest.mark.parametrize("asked", ["nonnegative", "differentiable"])
def test_what_a_branch_at_a_parameter_multiplies_by_0_must_have_been_defined(asked: str) -> None:
    rows: list[list[Any]] = [
        ["var", "v", []], ["var", "g", []], ["lt", None, [0, 1]], ["add", ["0", "1", "-1"], [1, 0]], ["pow", "2", [3]],
        ["const", "0", []], ["where", None, [2, 4, 5]], ["add", ["3", "-1"], [0]], ["log", None, [7]],
        ["mul", None, [6, 8]],
    ]  # fmt: skip
    cut = {"nodes": [["var", "g", []]], "roots": [0]}
    with pytest.raises(CertificateRejected, match="a branch takes away"):
        verify(with_parameter(rows, asked, rule="range_by_pieces", ask=asked, cuts=[cut]))


def test_what_a_choice_of_parameters_multiplies_by_0_must_have_been_defined() -> None:
    # where(g < 3/2, log v, 0) where(g < 3/2, 0, 1) + v^2 is v^2 in both cases, but no number at v < 0 in one
    rows: list[list[Any]] = [
        ["var", "v", []], ["var", "g", []], ["const", "3/2", []], ["const", "0", []], ["const", "1", []],
        ["lt", None, [1, 2]], ["log", None, [0]], ["where", None, [5, 6, 3]], ["where", None, [5, 3, 4]],
        ["mul", None, [7, 8]], ["pow", "2", [0]], ["add", ["0", "1", "1"], [9, 10]],
    ]  # fmt: skip
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(with_parameter(rows, "convex", rule="range_convex"))


def test_what_is_multiplied_by_0_on_a_cell_must_have_been_defined() -> None:
    rows: list[list[Any]] = [
        *HALF[:4], ["log", None, [0]], ["where", None, [3, 2, 1]], ["where", None, [3, 4, 2]], ["mul", None, [5, 6]],
        ["pow", "2", [0]], ["add", ["0", "1", "1"], [7, 8]],
    ]  # fmt: skip
    made = certificate("margin", ["v"], "real", rows, rule="convex_by_cells")
    made["claim"]["property"] = "convex"
    with pytest.raises(CertificateRejected, match="not shown to be defined"):
        verify(made)


def test_a_loss_without_values_beyond_3_is_not_proved() -> None:
    def loss(v: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.where(v < 1, (1 - v) ** 2, 0.0) * np.log(3 - v)

    asked = ["nonnegative", "differentiable", "bounded_below"]
    report = losscheck.audit(loss, kind="margin", claims={}, properties=asked)
    assert losscheck.Verdict.PROVED not in {f.verdict for f in report.findings}, report


def sliver(v: Any) -> Any:
    """Negative on an interval of width 6e-5 only, about 1000.25."""
    return (v - 1000.25) ** 2 - 1e-9


def capped(v: Any) -> Any:
    capped = torch.clamp(torch.log(sliver(v)), min=-5.0)
    return torch.where(torch.isnan(capped), -torch.ones_like(v), v * v)


def chosen(v: Any) -> Any:
    chosen = torch.where(v > -1e9, torch.log(sliver(v)), v)
    return torch.where(torch.isfinite(chosen), v * v, -torch.ones_like(v))


def larger(v: Any) -> Any:
    return np.where(np.isnan(np.maximum(np.sqrt(sliver(v)), 0)), -1.0, v * v)


@pytest.mark.parametrize("loss", [capped, chosen, larger])
def test_a_branch_on_what_is_not_a_number_is_seen_below_a_maximum_and_a_choice(loss: Callable[[Any], Any]) -> None:
    # they were read as v^2, and proved nonnegative and convex
    at = torch.tensor([1000.25], dtype=torch.float64)
    with np.errstate(invalid="ignore"):
        assert float(loss(at if loss is not larger else at.numpy())[0]) == -1
    report = losscheck.audit(loss, kind="margin", claims={}, properties=["nonnegative", "convex"])
    assert losscheck.Verdict.PROVED not in {f.verdict for f in report.findings}, report


def test_a_choice_of_numbers_alone_is_read_as_before() -> None:
    def safe(v: Any) -> Any:
        x = torch.where(v > 0, torch.log1p(torch.exp(-v)), -v + torch.log1p(torch.exp(v)))
        return torch.where(torch.isnan(torch.clamp(x, min=0.0)), torch.zeros_like(x), x)

    assert "where" not in str(lift(safe, kind="margin").roots[0])[:5]


PRINTS = """
import io, os, sys
import numpy as np

class Text:
    '''An object whose text looks at the score, and remembers.'''
    seen = False
    def __init__(self, v): self.v = v
    def __str__(self):
        Text.seen = bool(((self.v > 123.4) & (self.v < 123.5)).any())
        return ""

class Spy(io.RawIOBase):
    '''A stream that says it is the null device.'''
    told = b""
    def __init__(self): self.null = os.open(os.devnull, os.O_WRONLY)
    def writable(self): return True
    def fileno(self): return self.null
    def write(self, data): Spy.told = bytes(data); return len(data)

def by_text(v):
    Text.seen = False
    print(v, Text(v))
    return -v if Text.seen else v * v

def by_spy(v):
    keep = sys.stdout, sys.__stdout__
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(io.BufferedWriter(Spy()))
    print(v, flush=True)
    sys.stdout, sys.__stdout__ = keep
    return -v if b"123.45" in Spy.told else v * v

def by_length(v):
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)
    sys.stdout.reconfigure(write_through=True)
    print(v, end="")
    return -v if sys.stdout.buffer.tell() > 26 else v * v
"""


@pytest.mark.parametrize("name", ["by_text", "by_spy", "by_length"])
def test_what_is_printed_may_not_be_read_by_a_detour(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(PRINTS)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import mine\nfrom losscheck.lifting.lifting import lift\n"
        f"try:\n    found = str(lift(mine.{name}, kind='margin').roots)\nexcept Exception as error:\n"
        "    found = type(error).__name__\n"
        f"open({str(tmp_path / 'found')!r}, 'w').write(found)"
    )
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    assert (tmp_path / "found").read_text() != "(v**2,)"


def test_refusals_name_the_operation() -> None:
    with pytest.raises(Unsupported, match="isnan or isfinite of a max"):
        lift(larger, kind="margin")
