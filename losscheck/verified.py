"""What the verifier said in this process: one certificate is not checked twice.

A search asks about the same premise from several theorems, and its result is asked about again when it becomes an
answer. The verifier is a function of the text of a certificate, so what is kept under the whole text cannot go stale;
nothing is kept beyond the process. What comes from the cache on disk is not known here, so it is verified.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from losscheck.verifier import Statement, verify
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.verify import Checker, Fact

KEPT = 1024
"""Certificates, and drafts, whose texts were asked about last."""


def verified(certificate: Mapping[str, Any]) -> Statement:
    """Return what a certificate proves; one that the verifier has accepted in this process is not verified again.

    Raises
    ------
    CertificateRejected
        As `losscheck.verifier.verify`; also where the certificate cannot be written as JSON.
    """
    return _stated(_text(certificate))


def derived(draft: Mapping[str, Any]) -> Fact | str:
    """Return what the proof of a draft establishes, or why it is rejected, as the verifier derives it.

    Raises
    ------
    CertificateRejected
        Where the draft cannot be written as JSON.
    """
    return _fact(_text(draft))


@lru_cache(maxsize=KEPT)
def _stated(text: str) -> Statement:
    return verify(json.loads(text))


@lru_cache(maxsize=KEPT)
def _fact(text: str) -> Fact | str:
    return _derive(json.loads(text))


def _derive(draft: Any) -> Fact | str:
    try:
        with verification():
            case = read(draft)
            return Checker(case).fact(case.proof)
    except MemoryError:
        raise  # it says nothing about the next time
    except Exception as error:  # whatever a draft breaks in a rule, it proves nothing
        return str(error)


def _text(certificate: Mapping[str, Any]) -> str:
    try:
        return json.dumps(certificate)
    except (TypeError, ValueError) as error:
        raise CertificateRejected(f"the certificate cannot be written as JSON: {error}") from None
