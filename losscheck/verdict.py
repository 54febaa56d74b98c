"""What an audit says: verdicts, severities, and the outcome a property returns.

An :class:`Outcome` is one property's answer about one loss; joined with its claim it becomes a
:class:`losscheck.finding.Finding`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What is known about a property of a loss."""

    PROVED = "proved"
    """True of the lifted code over the reals; the certificate passed the independent verifier."""
    REFUTED = "refuted"
    """False, with an exact witness or a certificate (behaviour: a witness that replays)."""
    SUPPORTED = "supported"
    """Numeric evidence for the property; says how much."""
    UNDECIDED = "undecided"
    """Not known."""
    UNSUPPORTED = "unsupported"
    """The code could not be read; says which construct, and where."""
    NOT_APPLICABLE = "not_applicable"
    """The question makes no sense for this loss."""
    ERROR = "error"
    """A defect of losscheck itself."""


class Severity(StrEnum):
    """How much a finding matters to a CI job."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NONE = "none"


@dataclass(frozen=True)
class Outcome:
    """One property's answer.

    ``message`` is a full sentence with numbers: the fact first, then the place. ``reason`` says in a few words
    why nothing better could be said (``"timeout"``, ``"decided by the rounding of constants"``). ``severity`` is
    the property's own judgement of a refuted behaviour; theory leaves it to the claims.
    """

    verdict: Verdict
    message: str
    reason: str | None = None
    value: Any = None
    bounds: Any = None
    domain: str | None = None
    constants: dict[str, str] = field(default_factory=dict)
    slack: float | None = None
    certificate: dict[str, Any] | None = None
    witness: dict[str, Any] | None = None
    location: str | None = None
    severity: Severity | None = None
    params: dict[str, Any] = field(default_factory=dict)
    dtype: str | None = None
    n_classes: int | None = None

    def with_(self, **changes: Any) -> Outcome:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)


TEXT_OR_NONE = (str, type(None))
FIELD_TYPES: dict[str, type | tuple[type, ...]] = {
    "message": str,
    **dict.fromkeys(("reason", "domain", "location", "dtype"), TEXT_OR_NONE),
    **dict.fromkeys(("certificate", "witness"), (dict, type(None))),
    **dict.fromkeys(("params", "constants"), dict),
    "n_classes": (int, type(None)),
    "slack": (int, float, type(None)),
}
"""What the fields of an outcome are once they were read from a file or a pipe, which may hold anything."""


def proved(message: str, *, certificate: dict[str, Any], **more: Any) -> Outcome:
    """State a theory property as proved; the certificate has passed the verifier."""
    return Outcome(Verdict.PROVED, message, certificate=certificate, **more)


def refuted(message: str, *, witness: dict[str, Any] | None, **more: Any) -> Outcome:
    """State a property as refuted, with what shows it."""
    return Outcome(Verdict.REFUTED, message, witness=witness, **more)


def supported(message: str, **more: Any) -> Outcome:
    """State that numeric evidence speaks for the property."""
    return Outcome(Verdict.SUPPORTED, message, **more)


def undecided(message: str, **more: Any) -> Outcome:
    """State that nothing is known, and why."""
    return Outcome(Verdict.UNDECIDED, message, **more)


def unsupported(message: str, **more: Any) -> Outcome:
    """State that the code could not be read."""
    return Outcome(Verdict.UNSUPPORTED, message, **more)


def not_applicable(message: str, **more: Any) -> Outcome:
    """State that the question makes no sense here."""
    return Outcome(Verdict.NOT_APPLICABLE, message, **more)
