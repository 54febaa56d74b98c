"""What the verifier said in this process: one certificate is not checked twice.

A search asks about the same premise from several theorems, and its result is asked about again when it becomes an
answer. The verifier is a function of the text of a certificate, so what is kept under the whole text cannot go stale;
nothing is kept beyond the process. What comes from the cache on disk is not known here, so it is verified.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from losscheck.verifier import Statement, verify
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.verify import Checker, Fact

KEPT = 1024
T = TypeVar("T")


class _Kept(OrderedDict[str, T]):
    """The texts asked about last, each with what was said."""

    def find(self, text: str, ask: Callable[[Any], T]) -> T:
        """Return what was said of a text, or ask about the certificate that it writes."""
        if text in self:
            self.move_to_end(text)
            return self[text]
        said = self[text] = ask(json.loads(text))
        while len(self) > KEPT:
            self.popitem(last=False)
        return said


_STATEMENTS: _Kept[Statement] = _Kept()
_FACTS: _Kept[Fact | str] = _Kept()


def verified(certificate: Mapping[str, Any]) -> Statement:
    """Return what a certificate proves; one that the verifier has accepted in this process is not verified again.

    Raises
    ------
    CertificateRejected
        As `losscheck.verifier.verify`; also where the certificate cannot be written as JSON.
    """
    return _STATEMENTS.find(_text(certificate), verify)


def derived(draft: Mapping[str, Any]) -> Fact | str:
    """Return what the proof of a draft establishes, or why it is rejected, as the verifier derives it.

    Raises
    ------
    CertificateRejected
        Where the draft cannot be written as JSON.
    """
    return _FACTS.find(_text(draft), _derive)


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
