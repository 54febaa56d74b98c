"""What the shell offers when a word is completed."""

from __future__ import annotations

from losscheck.kinds import KINDS


def kinds(incomplete: str) -> list[str]:
    """Return the kinds of loss that begin with ``incomplete``."""
    return [name for name in KINDS if name.startswith(incomplete)]


def property_names(incomplete: str) -> list[str]:
    """Return the properties that begin with ``incomplete``; after a comma, the last of several."""
    from losscheck.property import properties

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in sorted(properties()) if name.startswith(last)]


def targets(incomplete: str) -> list[str]:
    """Return the catalogue's losses that begin with ``incomplete``; files the shell knows itself."""
    from losscheck import catalogue

    return [name for name in catalogue.entries() if name.startswith(incomplete)]
