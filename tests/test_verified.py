"""What the verifier said is kept under the whole text of a certificate: once per process, and never for another one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from losscheck import verified as memory
from losscheck.lifting.lifting import lift
from losscheck.proving import prove
from losscheck.verified import derived, verified
from losscheck.verifier import CertificateRejected
from losscheck.verifier.verify import Fact

PROOF = {"rule": "convex_by_curvature"}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    for store in (memory._stated, memory._fact):
        store.cache_clear()
    yield
    for store in (memory._stated, memory._fact):
        store.cache_clear()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []
    verify = memory.verify
    monkeypatch.setattr(memory, "verify", lambda certificate: seen.append(certificate) or verify(certificate))
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
    assert verified(copy.deepcopy(made)) is verified(made)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["claim"].update(property="symmetric"),
        lambda c: c["claim"].update(value=1),
        lambda c: c["graph"].update(roots=[99]),
        lambda c: c["proof"].update(rule="no_such_rule"),
        lambda c: c.update(kind="logits"),
    ],
)
def test_a_changed_certificate_is_another_one(change: Any, asked: list[Any]) -> None:
    forged = copy.deepcopy(certificate())
    change(forged)
    for _ in range(2):  # a rejection is not kept as if it were a statement
        with pytest.raises(CertificateRejected):
            verified(forged)
    assert len(asked) == 3


def test_a_certificate_changed_in_place_is_another_one(asked: list[Any]) -> None:
    made = certificate()
    made["claim"]["verdict"] = "refuted"
    with pytest.raises(CertificateRejected):
        verified(made)


def test_what_is_no_json_is_rejected() -> None:
    with pytest.raises(CertificateRejected, match="JSON"):
        verified({**certificate(), "labels": {1}})


def test_drafts_are_derived_once_and_their_rejections_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    count, derive = [0], memory._derive

    def counted(draft: Any) -> Any:
        count[0] += 1
        return derive(draft)

    monkeypatch.setattr(memory, "_derive", counted)
    draft = {**certificate(), "claim": {"property": "convex", "params": {}, "verdict": "proved", "value": None}}
    count[0] = 0
    assert isinstance(derived(draft), Fact)
    wrong = {**draft, "proof": {"rule": "no_such_rule"}}
    assert isinstance(derived(wrong), str)
    assert isinstance(derived(draft), Fact)
    assert derived(wrong) == derived(wrong)
    assert count[0] == 2


def test_the_memory_is_bounded() -> None:
    for store in (memory._stated, memory._fact):
        assert store.cache_parameters()["maxsize"] == memory.KEPT
