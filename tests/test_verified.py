"""What the verifier said is kept under the whole text of a certificate: once per process, and never for another one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from losscheck import verified as memory
from losscheck.lifting.lifting import lift
from losscheck.proving import prove
from losscheck.verified import derived, verified
from losscheck.verifier import CertificateRejected
from losscheck.verifier.budget import Budget, verification
from losscheck.verifier.certificate import read
from losscheck.verifier.rules import convex_by_curvature
from losscheck.verifier.verify import Checker, Fact

PROOF = {"rule": "convex_by_curvature"}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    memory._derived.cache_clear()
    memory.Remembering.known.clear()
    yield
    memory._derived.cache_clear()
    memory.Remembering.known.clear()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []
    derive = memory.derive
    monkeypatch.setattr(memory, "derive", lambda made, checker: seen.append(made) or derive(made, checker))
    return seen


def certificate() -> dict[str, Any]:
    hinge = lift(lambda v: np.maximum(0.0, 1.0 - v), kind="margin")
    found = prove(hinge, "convex", PROOF, message="")
    assert found is not None
    assert found.certificate is not None
    return dict(found.certificate)


def test_a_certificate_is_verified_once(asked: list[Any]) -> None:
    made = certificate()  # proving it has verified it
    assert len(asked) == 1
    assert verified(copy.deepcopy(made)) == verified(made)
    assert len(asked) == 1


def test_what_is_kept_cannot_be_changed() -> None:
    made = certificate()
    said, draft = verified(made), derived(made)
    said.params["order"] = "another"
    said.constants["0x1p0"] = "2"
    assert isinstance(draft, Fact)
    draft.params["order"] = "another"
    assert (verified(made).params, verified(made).constants) == ({}, {})
    assert derived(made) == Fact("convex")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["graph"].update(roots=[99]),
        lambda c: c["proof"].update(rule="no_such_rule"),
        lambda c: c.update(kind="logits"),
    ],
)
def test_a_changed_certificate_is_another_one(change: Any, asked: list[Any]) -> None:
    forged = copy.deepcopy(certificate())
    change(forged)
    for _ in range(2):  # a rejection is kept as one
        with pytest.raises(CertificateRejected):
            verified(forged)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "change", [{"property": "symmetric"}, {"value": 1}, {"params": {"gamma": 1}}, {"bounds": [0, 1]}, {"slack": 0.5}]
)
def test_the_numbers_of_a_claim_are_compared_every_time(change: dict[str, Any], asked: list[Any]) -> None:
    forged = copy.deepcopy(certificate())
    forged["claim"].update(change)
    with pytest.raises(CertificateRejected, match="the claim says"):
        verified(forged)
    assert len(asked) == 1


def test_a_certificate_changed_in_place_is_another_one(asked: list[Any]) -> None:
    made = certificate()
    made["claim"]["verdict"] = "refuted"
    with pytest.raises(CertificateRejected):
        verified(made)


def test_what_is_no_json_is_rejected() -> None:
    with pytest.raises(CertificateRejected, match="JSON"):
        verified({**certificate(), "labels": {1}})


def test_drafts_are_derived_once_and_their_rejections_are_kept(asked: list[Any]) -> None:
    draft = {**certificate(), "claim": {"property": "convex", "params": {}, "verdict": "proved", "value": None}}
    memory._derived.cache_clear()
    asked.clear()
    assert isinstance(derived(draft), Fact)
    wrong = {**draft, "proof": {"rule": "no_such_rule"}}
    assert isinstance(derived(wrong), str)
    assert isinstance(derived(draft), Fact)
    assert derived(wrong) == derived(wrong)
    assert len(asked) == 2


def test_a_premise_is_checked_once_and_its_work_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, spent, seen = certificate(), [], []
    memory.Remembering.known.clear()
    check = convex_by_curvature.check
    monkeypatch.setattr(convex_by_curvature, "check", lambda *given: seen.append(given) or check(*given))
    for _ in range(2):
        with verification():
            case = read(made)
            left = Budget.left
            found = memory.Remembering(case).fact(PROOF)
            spent.append(left - Budget.left)
    assert found == Checker(case).fact(PROOF)
    assert len(seen) == 2  # once by the checker that remembers, once by the one that does not
    assert spent[1] > spent[0] > 0


@pytest.mark.parametrize("change", [{"refuting": True}, {"digest": "another"}, {"constants": {"0x1p-4": "1/16"}}])
def test_a_premise_about_another_loss_is_another_one(change: dict[str, Any]) -> None:
    case = read(certificate())
    assert memory.Remembering(replace(case, **change)).head != memory.Remembering(case).head


def test_the_memory_is_bounded() -> None:
    assert memory._derived.cache_parameters()["maxsize"] == memory.KEPT
