"""Read the documentation of a unit: the summary, the text, and the works it cites."""

from __future__ import annotations

import re
from typing import NamedTuple

_ENTRY = re.compile(r"^\s*\.\. \[\w+\]\s*", re.MULTILINE)


class Documentation(NamedTuple):
    """The parts of a docstring that are shown apart."""

    summary: str
    body: str
    references: tuple[str, ...]


def documentation(text: str) -> Documentation:
    r"""Split a numpydoc docstring into its first line, the rest without the references, and the references.

    >>> documentation("Symmetry.\n\nThe sum is constant.\n\nReferences\n----------\n.. [1] A. Ghosh (2015).")
    Documentation(summary='Symmetry.', body='The sum is constant.', references=('A. Ghosh (2015).',))
    """
    summary, _, rest = text.strip().partition("\n")
    body, *cited = re.split(r"^References\n-{3,}\n", rest, maxsplit=1, flags=re.MULTILINE)
    if not cited:
        return Documentation(summary, body.strip(), ())
    # The references end where the next underlined heading starts.
    entries, *after = re.split(r"\n(?=\w+\n-{3,}\n)", cited[0], maxsplit=1)
    references = tuple(" ".join(entry.split()) for entry in _ENTRY.split(entries) if entry.strip())
    return Documentation(summary, "\n\n".join(part.strip() for part in (body, *after) if part.strip()), references)
