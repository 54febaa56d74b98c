"""What the properties and the losses of the catalogue are: ``losscheck list`` and ``losscheck explain``."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from losscheck.property import properties
from losscheck.verdict import Verdict

if TYPE_CHECKING:
    from losscheck.catalogue.entry import Entry
    from losscheck.gallery.decided import Decided


def listing(kind: str | None = None) -> str:
    """Return one line per property, theory first; with ``kind`` only what is asked of losses of that kind."""
    entries = sorted(properties().values(), key=lambda entry: (entry.layer != "theory", entry.name))
    shown = [entry for entry in entries if kind is None or entry.layer == "behaviour" or kind in entry.kinds]
    width = max((len(entry.name) for entry in shown), default=0)
    return "\n".join(f"{entry.layer:9}  {entry.name:{width}}  {entry.title}" for entry in shown)


def losses_listing(kind: str | None = None) -> str:
    """Return one line per loss of the catalogue, with the verdicts on its claims; with ``kind`` only of that kind."""
    from losscheck.catalogue import entries  # its functions import NumPy
    from losscheck.gallery.ledger import ledger

    shown = [entry for entry in entries().values() if kind is None or entry.kind == kind]
    width = max((len(entry.name) for entry in shown), default=0)
    known = ledger()
    return "\n".join(
        f"{entry.kind or 'signature':11}  {entry.name:{width}}  {entry.title}{_counted(known.get(entry.name, ()))}"
        for entry in shown
    )


def claims_listing(name: str) -> str:
    """Return what is claimed of a loss of the catalogue, who says so, and what the audit says of it.

    Raises
    ------
    KeyError
        If there is no such loss; the message suggests.
    """
    from losscheck.catalogue import find

    return "\n".join(_claims(find(name))) or f"nothing is claimed of {name}"


def _counted(lines: Sequence[Decided]) -> str:
    counts = Counter(line.verdict for line in lines)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    return f" ({said})" if said else ""


def _claims(loss: Entry) -> Iterator[str]:
    """Yield the claims with their verdicts: the ledger's, and for behaviour where to see it."""
    from losscheck.gallery.ledger import line_of
    from losscheck.plain import plain

    for claim in loss.claims:
        at = f" at {', '.join(f'{k} = {plain(v)}' for k, v in claim.params.items())}" if claim.params else ""
        yield f"claim {claim.finding} = {plain(claim.value)}{at}  ({claim.source})"
        line = line_of(loss.name, claim)
        yield f"  {line.verdict}: {line.message}" if line else f"  not in the ledger: losscheck audit {loss.name}"
        if claim.disputed:
            yield f"  the published claim is false: {claim.disputed}"
        if line and line.witness:
            yield f"  witness {json.dumps(line.witness)}"
        if line and line.certificate:
            yield f"  certificate sha256 {line.certificate}"


def explanation(name: str) -> str:
    """Return the documentation of a property, of the property that the finding id ``name`` begins with, or of a loss.

    Raises
    ------
    ValueError
        If there is no such property or loss; the message suggests.
    """
    known, asked = properties(), name.partition("[")[0]
    if asked not in known:
        from losscheck.catalogue import entries, find

        losses = entries()
        if asked in losses:
            return _explained(find(asked))
        close = difflib.get_close_matches(asked, [*known, *losses], n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "see losscheck list and losscheck list --losses"
        raise ValueError(f"no property {asked!r}; {hint}")
    entry = known[asked]
    kinds = ", ".join(sorted(entry.kinds)) or "every loss"
    how = f"\n\n{waiving(entry.name)}" if entry.layer == "behaviour" else ""
    return f"{entry.name} ({entry.layer}; asked of: {kinds})\n\n{entry.doc}{how}"


def waiving(law: str) -> str:
    """Say how to accept what a law finds."""
    return (
        f'To accept a finding, give a reason: waive = {{ "{law}" = "..." }} in [tool.losscheck], or '
        f'waive={{"{law}": "..."}} in a call; with [float32] after the name for one format only.'
    )


def _explained(loss: Entry) -> str:
    said = [f"{loss.name} ({loss.kind or loss.signature}): {loss.title}", "", loss.doc, "", f"formula {loss.formula}"]
    said += [f"status {loss.status}"] if loss.status else []
    for name, each in loss.parameters.items():
        meaning = f": {each.meaning}" if each.meaning else ""
        said.append(f"parameter {name} = {each.default!r} in {each.domain}{meaning}")
    said += _claims(loss)
    said += [f"study {each.statement}  ({each.source}; {each.test})" for each in loss.studies]
    said += [f"hazard {each}" for each in loss.hazards]
    said += [f"reference {each}" for each in loss.references]
    return "\n".join(said).rstrip()


def proofs(data: Mapping[str, Any], name: str) -> str:
    """Return the proof of the finding ``name`` in every report of ``data`` that has it.

    Raises
    ------
    ValueError
        If none has it, or the one found has no certificate.
    """
    from losscheck.reporting.report import split

    reports = split(data)
    found = [report for report in reports if any(name in (f.id, f.property) for f in report.findings)]
    if not found:
        held = sorted({f.id for report in reports for f in report.findings if f.certificate is not None})
        raise ValueError(f"no finding {name!r}; findings with a proof are {', '.join(held) or 'none'}")
    return "\n\n".join(f"{report.target}: {report.explain(name)}" for report in found)
