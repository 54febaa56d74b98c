"""Certificates about divergences and set losses, changed one entry at a time: none may pass any more."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from losscheck.verifier import CertificateRejected, verify
from tests.quality.pair_questions import ask, divergence, set_loss


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def certificate(lifted: Any, name: str) -> dict[str, Any]:
    made = ask(lifted, name).certificate
    assert made is not None
    return made


def rejected(made: dict[str, Any], **changes: Any) -> None:
    changed = copy.deepcopy(made)
    changed["proof"].update(changes)
    with pytest.raises(CertificateRejected):
        verify(changed)


def test_f_divergences() -> None:
    made = certificate(divergence(lambda p, q: total(p * np.log(p / q))), "nonnegative")
    assert made["proof"]["rule"] == "by_csiszar"
    for changes in ({"turn": -1}, {"core": 7}, {"end": "1"}, {"turn": 2}, {"ask": "triangle_inequality"}):
        rejected(made, **changes)
    rejected(made, ask="identity_of_indiscernibles")  # true, but not what is claimed


def test_the_end_of_the_values_is_checked() -> None:
    made = certificate(divergence(lambda p, q: -np.log(total(np.sqrt(p * q)))), "data_processing")
    assert made["proof"]["end"] == "1"
    rejected(made, end="1/2")
    rejected(made, end=None)


def test_powers_of_f_divergences() -> None:
    made = certificate(divergence(lambda p, q: np.sqrt(total((np.sqrt(p) - np.sqrt(q)) ** 2))), "triangle_inequality")
    made["proof"] = {
        "rule": "metric_by_power", "core": 0, "turn": 1, "f_breaks": [], "end": None, "outer_breaks": [], "slope": "0",
        "power": "1/2", "degree": "1/2",
    }  # fmt: skip
    assert verify(made).property == "triangle_inequality"
    for changes in ({"power": "2/3"}, {"degree": "1/3"}, {"slope": "1"}, {"power": "2"}, {"degree": "3/4"}):
        rejected(made, **changes)


def test_kernels_are_stochastic() -> None:
    made = certificate(divergence(lambda p, q: total(np.abs(np.cumsum(p - q, -1)))), "data_processing")
    proof = made["proof"]
    assert proof["rule"] == "processing_witness"
    for kernel in ([["2", "0", "0"], *proof["kernel"][1:]], [["1", "0", "0"]] * 3, proof["kernel"][:2]):
        rejected(made, kernel=kernel)
    rejected(made, first=["1/2", "1/2", "0"])
    rejected(made, first=["1/2", "1/4", "1/8"])
    rejected(made, second=proof["first"])


def test_witnesses_lie_in_the_domain() -> None:
    made = certificate(set_loss(lambda x, y: total((x - y) ** 2)), "triangle_inequality")
    assert verify(made).verdict == "refuted"
    rejected(made, a=["2", "0"])
    rejected(made, a=["0"])
    rejected(made, b=made["proof"]["a"])
    binary = set_loss(lambda x, y: total(x) - 0 * total(y), 2, "x:(N,M):unit y:(N,M):{0,1}+")
    beaten = certificate(binary, "min_at_target")
    rejected(beaten, second=["0", "0"])
    rejected(beaten, second=["1/2", "1"])


def test_weights_of_a_steinhaus_transform() -> None:
    def jaccard(x: Any, y: Any) -> Any:
        below = total(np.maximum(x, y))
        return np.where(below > 0, total(np.abs(x - y)) / np.where(below > 0, below, 1.0), 0.0)

    made = certificate(set_loss(jaccard), "triangle_inequality")
    assert made["proof"]["rule"] == "metric_by_steinhaus"
    for changes in ({"weights": ["1", "2"]}, {"weights": ["1"]}, {"scale": "1"}, {"weights": ["-1", "-1"]}):
        rejected(made, **changes)


@pytest.mark.parametrize("domain", ["simplex", "real", "unit"])
def test_the_domain_belongs_to_the_kind(domain: str) -> None:
    made = certificate(divergence(lambda p, q: total((p - q) ** 2)), "nonnegative")
    made["domain"] = domain
    with pytest.raises(CertificateRejected):
        verify(made)
