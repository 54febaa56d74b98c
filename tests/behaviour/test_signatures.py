"""Every behaviour property answers for every shape of signature, without a defect of its own and without an error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Severity, Verdict

SIGNATURES = [
    "v:(N,):real",
    "x:(D,):real t:(D,):real",
    "p:(M,):unit y:(M,):{0,1}",
    "p:(N,M):unit y:(N,M):unit",
    "p:(N,C,M):unit y:(N,C,M):{0,1}+",
    "z:(B,C,L):real y:(B,L):index",
    "z:(N,K):real y:(N,2):index",
    "z:(N,K):real y:(N,):index w:(K,):positive",
    "z:(N,K):real y:(N,K):{0,1}uint8",
    "z:(N,K):real|-inf y:(N,):index",
    "p:(N,K):simplex y:(N,):index",
    "p:(N,K):simplex+ q:(N,K):simplex",
    "a:(N,4):box b:(N,4):box",
    "c:(N,D):[-1,1] y:(N,):{-1,1}",
    "p:(N,):positive t:(N,):count|0",
    "p:(N,1):real t:(N,):real w:(N,):positive",
    "s:(L,):real y:(L,):real",
    "a:(B,D):real p:(B,D):real n:(B,D):real",
    "p:(N,):(0,1) y:(N,):(0,1)",
    "x:():real t:():real",
]


def loss_of(signature: str) -> Any:
    """A smooth loss of whatever the signature names: each row's squares, its labels as offsets."""
    arguments = parse(signature).arguments

    def loss(*given: Any) -> Any:
        import torch

        total = torch.zeros(())
        for argument, value in zip(arguments, given, strict=True):
            v = torch.where(torch.isinf(value), 0, value) if value.is_floating_point() else value
            v = v.to(given[0].dtype if given[0].is_floating_point() else torch.float64)
            rows = (torch.tanh(v) if argument.is_float else 0.1 * v) ** 2
            batched = argument.shape[:1] in (("N",), ("B",))
            total = total + (rows.flatten(1).mean(1).mean() if batched and v.ndim > 1 else rows.mean())
        return total

    return loss


@pytest.mark.parametrize("signature", SIGNATURES)
def test_every_property_answers(signature: str) -> None:
    trial = Trial(loss_of(signature), parse(signature), effort="quick")
    answered = 0
    for entry in properties().values():
        if entry.layer != "behaviour":
            continue
        with np.errstate(all="ignore"):
            outcomes = list(entry.answer(trial))
        assert outcomes, entry.name
        for outcome in outcomes:
            assert outcome.verdict is not Verdict.ERROR
            assert outcome.message
            assert outcome.severity is not Severity.ERROR, f"{entry.name}: {outcome.message}"
            answered += 1
    assert answered > 25
