"""What the properties are and what each one says: ``losscheck list`` and ``losscheck explain``."""

from __future__ import annotations

import difflib

from losscheck.property import properties


def listing(kind: str | None = None) -> str:
    """Return one line per property, theory first; with ``kind`` only what is asked of losses of that kind."""
    entries = sorted(properties().values(), key=lambda entry: (entry.layer != "theory", entry.name))
    shown = [entry for entry in entries if kind is None or entry.layer == "behaviour" or kind in entry.kinds]
    width = max((len(entry.name) for entry in shown), default=0)
    return "\n".join(f"{entry.layer:9}  {entry.name:{width}}  {entry.title}" for entry in shown)


def explanation(name: str) -> str:
    """Return the documentation of a property, or of the property that the finding id ``name`` begins with.

    Raises
    ------
    ValueError
        If there is no such property; the message suggests.
    """
    known, asked = properties(), name.partition("[")[0]
    if asked not in known:
        close = difflib.get_close_matches(asked, known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "see losscheck list"
        raise ValueError(f"no property {asked!r}; {hint}")
    entry = known[asked]
    kinds = ", ".join(sorted(entry.kinds)) or "every loss"
    return f"{entry.name} ({entry.layer}; asked of: {kinds})\n\n{entry.doc}"
