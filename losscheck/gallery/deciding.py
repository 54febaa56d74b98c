"""Audit what an entry of the catalogue claims, line by line of the ledger."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from losscheck.auditing import audit
from losscheck.catalogue.entry import Claim, Entry
from losscheck.finding import Finding
from losscheck.gallery.decided import LONGEST, Decided
from losscheck.identifier import parse_identifier
from losscheck.plain import plain
from losscheck.property import properties


def theory_claims(made: Entry) -> list[Claim]:
    """Return the claims the theory decides; what is claimed of floats depends on the machine and is not kept."""
    return [c for c in made.claims if properties()[parse_identifier(c.finding).property].layer == "theory"]


def decide(made: Entry, effort: str = "ci") -> list[Decided]:
    """Audit the claims of an entry, in their order: one audit for each choice of hyper-parameters.

    Raises
    ------
    LookupError
        If the audit answers a claim with no finding of its name.
    """
    lines: dict[Claim, Decided] = {}
    for claims in _together(theory_claims(made)):
        loss = dataclasses.replace(
            made.loss,
            params={**made.loss.params, **claims[0].params},
            claims={claim.finding: claim.value for claim in claims},
        )
        asked: list[tuple[str, dict[str, Any]]] = []
        for claim in claims:
            said = parse_identifier(claim.finding)
            if (said.property, said.params) not in asked:
                asked.append((said.property, said.params))
        found = audit(loss, properties=asked, effort=effort).findings
        for claim in claims:
            lines[_key(claim)] = _line(made, claim, found)
    return [lines[_key(claim)] for claim in theory_claims(made)]


def _key(claim: Claim) -> Any:
    return json.dumps([claim.finding, plain(claim.value), plain(dict(claim.params)), claim.disputed], sort_keys=True)


def _together(claims: list[Claim]) -> Iterator[list[Claim]]:
    """Yield groups of claims that one audit answers: equal hyper-parameters, no finding twice."""
    groups: list[list[Claim]] = []
    for claim in claims:
        for group in groups:
            if group[0].params == claim.params and all(claim.finding != other.finding for other in group):
                group.append(claim)
                break
        else:
            groups.append([claim])
    yield from groups


def _line(made: Entry, claim: Claim, found: tuple[Finding, ...]) -> Decided:
    answers = [f for f in found if f.standing is not None and claim.finding in (f.id, f.property)]
    if not answers:
        ids = ", ".join(f.id for f in found) or "none"
        raise LookupError(f"{made.name}: no finding answers the claim {claim.finding!r}; findings are {ids}")
    finding = answers[0]
    text = json.dumps(finding.certificate, sort_keys=True, separators=(",", ":"))
    witness = finding.witness if finding.witness and len(json.dumps(finding.witness)) <= LONGEST else None
    message = finding.message
    return Decided(
        finding=claim.finding,
        claim=plain(claim.value),
        source=claim.source,
        verdict=str(finding.verdict),
        standing=str(finding.standing),
        message=message if len(message) <= LONGEST else f"{message[:LONGEST]}...",
        params=plain(dict(claim.params)),
        disputed=claim.disputed,
        graph=finding.graph,
        certificate=hashlib.sha256(text.encode()).hexdigest() if finding.certificate else None,
        witness=witness,
        method=str(finding.certificate["proof"]["rule"]) if finding.certificate else None,
    )
