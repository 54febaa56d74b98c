"""What the verifier said in this process: neither one certificate nor one premise is checked twice.

A search asks about the same premise from several theorems, its draft becomes a certificate once the numbers of the
claim are known, and that is asked about again when it becomes an answer. The verifier is a function of the text of a
certificate, so what is kept under the whole text (the claim's numbers apart: they are compared every time) cannot go
stale; nothing is kept beyond the process, and a caller gets a copy, so that nobody can change what is kept. What comes
from the cache on disk is not known here, so it is verified.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, ClassVar

from losscheck.verifier import Statement
from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import Case, CertificateRejected, expect
from losscheck.verifier.verify import MAX_PROOFS, Checker, Derived, Fact, derive, stated

KEPT = 1024
"""Certificates whose texts were asked about last."""
LONGEST = 200_000
"""Premises of longer texts are checked again."""
CHARGED = 1.1
"""What a premise that is known costs, in terms of what it cost: the budget must hold without any memory too."""


def verified(certificate: Mapping[str, Any]) -> Statement:
    """Return what a certificate proves; one that the verifier has accepted in this process is not verified again.

    Raises
    ------
    CertificateRejected
        As `losscheck.verifier.verify`; also where the certificate cannot be written as JSON.
    """
    found = _derived(_text(certificate))
    if isinstance(found, str):
        raise CertificateRejected(found)
    return deepcopy(stated(found, certificate["claim"]))


def derived(draft: Mapping[str, Any]) -> Fact | str:
    """Return what the proof of a draft establishes, or why it is rejected, as the verifier derives it.

    Raises
    ------
    CertificateRejected
        Where the draft cannot be written as JSON.
    """
    found = _derived(_text(draft))
    return found if isinstance(found, str) else deepcopy(found.fact)


@lru_cache(maxsize=KEPT)
def _derived(text: str) -> Derived | str:
    try:
        return derive(json.loads(text), Remembering)
    except MemoryError:
        raise  # it says nothing about the next time
    except Exception as error:  # whatever a draft breaks in a rule, it proves nothing
        return str(error)


class Remembering(Checker):
    """A checker that knows what rules have established in this process about the same loss."""

    known: ClassVar[OrderedDict[str, tuple[Fact, float, int]]] = OrderedDict()

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.head = json.dumps([case.digest, case.refuting, case.constants], sort_keys=True)

    def fact(self, proof: Any) -> Fact:
        """What the proof node establishes, from memory where it has been checked; its work counts again."""
        key = self.head + json.dumps(proof)
        if key in self.known:
            self.known.move_to_end(key)
            found, work, steps = self.known[key]
            self.steps += steps
            expect(self.steps <= MAX_PROOFS, "the proof has too many nodes")
            Budget.spend(int(CHARGED * work) + 1)
            return deepcopy(found)
        left, before = Budget.left, self.steps
        found = super().fact(proof)
        if len(key) < LONGEST:
            self.known[key] = deepcopy(found), left - Budget.left, self.steps - before
            while len(self.known) > KEPT:
                self.known.popitem(last=False)
        return found


def _text(certificate: Mapping[str, Any]) -> str:
    """The certificate without the numbers of its claim."""
    try:
        claim = certificate.get("claim")
        said = {"verdict": claim.get("verdict")} if isinstance(claim, Mapping) else claim
        json.dumps(claim)
        return json.dumps({**certificate, "claim": said})
    except (TypeError, ValueError) as error:
        raise CertificateRejected(f"the certificate cannot be written as JSON: {error}") from None
