"""A finding: what one property says about one loss, joined with what the loss claims."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from losscheck.claim import Standing, judge, parse_claim
from losscheck.identifier import identifier
from losscheck.plain import expect_types, numbers, plain
from losscheck.severity import severity
from losscheck.verdict import FIELD_TYPES, TEXT_OR_NONE, Outcome, Severity, Verdict

# Quantities, whose infinities come back as floats; everything else in a finding is plain data as it stands.
_NUMBERS = ("value", "bounds", "slack", "claim", "seconds")
_HALF = ("float16", "bfloat16")
_TYPES = FIELD_TYPES | {
    **dict.fromkeys(("id", "property", "layer", "replay_id"), str),
    **dict.fromkeys(("graph", "waived"), TEXT_OR_NONE),
    "references": list,
    "seconds": (int, float, type(None)),
}


@dataclass(frozen=True)
class Finding:
    """One property's answer about one loss, for one set of parameters, one dtype and one number of classes.

    ``claim`` is what the loss declares (None: nothing), ``standing`` how that claim stands, ``waived`` the reason
    given for waiving the finding. ``replay_id`` is a short hash of the target, the id and the witness: it is the same
    wherever the same code gives the same finding.
    """

    id: str
    property: str
    layer: str
    verdict: Verdict
    severity: Severity
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    dtype: str | None = None
    n_classes: int | None = None
    graph: str | None = None
    reason: str | None = None
    value: Any = None
    bounds: Any = None
    domain: str | None = None
    constants: dict[str, str] = field(default_factory=dict)
    slack: float | None = None
    certificate: dict[str, Any] | None = None
    witness: dict[str, Any] | None = None
    claim: Any = None
    standing: Standing | None = None
    waived: str | None = None
    location: str | None = None
    references: tuple[str, ...] = ()
    seconds: float | None = None
    replay_id: str = ""

    @classmethod
    def join(
        cls,
        outcome: Outcome,
        property: str,
        *,
        layer: str,
        params: Mapping[str, Any] | None = None,
        n_classes: int | None = None,
        several_classes: bool = False,
        claims: Mapping[str, Any] | None = None,
        waive: Mapping[str, str] | None = None,
        graph: str | None = None,
        references: Sequence[str] = (),
        seconds: float | None = None,
        target: str = "",
    ) -> Finding:
        """Join ``outcome`` with the claims, and give it its id, severity and replay id.

        ``claims`` and ``waive`` are keyed by finding id; a bare property name covers all findings of the property,
        except that in float16 and bfloat16 a claim must name the dtype. ``several_classes`` says that several K were
        asked, so that K belongs to the id. What the outcome itself says of ``params`` and ``n_classes`` comes first.

        Raises
        ------
        ValueError
            If the claim is of no known form.
        """
        said = plain({**(params or {}), **outcome.params})
        classes = outcome.n_classes if outcome.n_classes is not None else n_classes
        name = identifier(property, said, n_classes=classes if several_classes else None, dtype=outcome.dtype)
        claims, waive = claims or {}, waive or {}
        claim = claims.get(name, None if outcome.dtype in _HALF else claims.get(property))
        if claim is not None:
            claim = parse_claim(name, claim)
        standing = None if claim is None else judge(claim, outcome, layer)
        waived = waive.get(name, waive.get(property))
        witness = plain(outcome.witness)
        told = json.dumps([target, name, str(outcome.verdict), witness], sort_keys=True)
        return cls(
            id=name,
            property=property,
            layer=layer,
            verdict=outcome.verdict,
            severity=severity(outcome, layer, standing, waived=waived is not None),
            message=outcome.message,
            params=said,
            dtype=outcome.dtype,
            n_classes=classes,
            graph=graph,
            reason=outcome.reason,
            value=numbers(plain(outcome.value)),
            bounds=numbers(plain(outcome.bounds)),
            domain=outcome.domain,
            constants=dict(outcome.constants),
            slack=numbers(plain(outcome.slack)),
            certificate=outcome.certificate,
            witness=witness,
            claim=claim,
            standing=standing,
            waived=waived,
            location=outcome.location,
            references=tuple(references),
            seconds=seconds,
            replay_id=hashlib.sha256(told.encode()).hexdigest()[:12],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain data; :meth:`from_dict` reads it back."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        ValueError
            If a field is missing, unknown or of another type, or a verdict or severity is none of ours.
        """
        known = {each.name for each in fields(cls)}
        if set(data) != known:
            differ = ", ".join(sorted(set(data) ^ known))
            raise ValueError(f"not a finding: fields missing or unknown: {differ}; was it written by this version?")
        values = {key: numbers(value) if key in _NUMBERS else value for key, value in data.items()}
        expect_types("a finding", values, _TYPES)
        values["verdict"] = Verdict(values["verdict"])
        values["severity"] = Severity(values["severity"])
        values["standing"] = None if values["standing"] is None else Standing(values["standing"])
        values["references"] = tuple(values["references"])
        return cls(**values)
