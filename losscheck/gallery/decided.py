"""One line of the ledger: a claim of the literature, and what the audit said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from losscheck.plain import expect_types, numbers, plain

LONGEST = 400  # characters of a message or a witness; the audit prints them in full
_TEXT_OR_NONE = (str, type(None))
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("finding", "source", "disputed", "verdict", "standing", "message"), str),
    **dict.fromkeys(("graph", "certificate", "method"), _TEXT_OR_NONE),
    "params": dict,
    "witness": (dict, type(None)),
}


@dataclass(frozen=True)
class Decided:
    """A claim and its verdict.

    ``finding``, ``claim``, ``params``, ``source`` and ``disputed`` are the claim as the entry makes it; ``standing`` is
    how it stands after ``verdict`` (met, violated, open). ``graph`` is the digest of what was read from the code,
    ``certificate`` the sha256 of the certificate that the verifier accepted, ``witness`` the counterexample where it
    is short, ``method`` the rule of the verifier that the certificate ends in.
    """

    finding: str
    claim: Any
    source: str
    verdict: str
    standing: str
    message: str
    params: dict[str, Any]
    disputed: str = ""
    graph: str | None = None
    certificate: str | None = None
    witness: dict[str, Any] | None = None
    method: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the line as plain data, what is empty left out; `from_dict` reads it back."""
        kept = {name: plain(value) for name, value in asdict(self).items()}
        return {name: value for name, value in kept.items() if value not in (None, "", {}) or name == "claim"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Decided:
        """Read what `to_dict` wrote.

        Raises
        ------
        ValueError
            If a field is missing, unknown or of another type.
        """
        known = {each.name for each in fields(cls)}
        needed = {"finding", "claim", "source", "verdict", "standing", "message"}
        if not needed <= set(data) <= known:
            differ = ", ".join(sorted((needed - set(data)) | (set(data) - known)))
            raise ValueError(f"not a line of the ledger: fields missing or unknown: {differ}; write the ledger again")
        values = {"params": {}, **data}
        expect_types("a line of the ledger", values, {k: t for k, t in _TYPES.items() if k in values})
        return cls(**{**values, "claim": numbers(values["claim"])})
