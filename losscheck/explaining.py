"""What the properties and the losses of the catalogue are: ``losscheck list`` and ``losscheck explain``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from losscheck.property import properties

if TYPE_CHECKING:
    from losscheck.catalogue.entry import Entry


def listing(kind: str | None = None) -> str:
    """Return one line per property, theory first; with ``kind`` only what is asked of losses of that kind."""
    entries = sorted(properties().values(), key=lambda entry: (entry.layer != "theory", entry.name))
    shown = [entry for entry in entries if kind is None or entry.layer == "behaviour" or kind in entry.kinds]
    width = max((len(entry.name) for entry in shown), default=0)
    return "\n".join(f"{entry.layer:9}  {entry.name:{width}}  {entry.title}" for entry in shown)


def losses_listing(kind: str | None = None) -> str:
    """Return one line per loss of the catalogue; with ``kind`` only losses of that kind."""
    from losscheck.catalogue import entries  # its functions import NumPy

    shown = [entry for entry in entries().values() if kind is None or entry.kind == kind]
    width = max((len(entry.name) for entry in shown), default=0)
    return "\n".join(f"{entry.kind or 'signature':11}  {entry.name:{width}}  {entry.title}" for entry in shown)


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
    return f"{entry.name} ({entry.layer}; asked of: {kinds})\n\n{entry.doc}"


def _explained(loss: Entry) -> str:
    said = [f"{loss.name} ({loss.kind or loss.signature}): {loss.title}", "", loss.doc, ""]
    said += [f"parameter {name} = {each.default!r} in {each.domain}" for name, each in loss.parameters.items()]
    said += [f"claim {each.finding} = {each.value!r}  ({each.source})" for each in loss.claims]
    said += [f"hazard {each}" for each in loss.hazards]
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
