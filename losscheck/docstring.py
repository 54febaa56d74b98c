"""Read the works that a unit's documentation cites, in either form that ours takes."""

from __future__ import annotations

import re

_HEADED = re.compile(r"^References\n-{3,}\n(.*?)(?=^\w+\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^\s*\.\. \[\w+\]\s*", re.MULTILINE)
_PARAGRAPH = re.compile(r"^References?: (.*?)(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)


def references(text: str) -> tuple[str, ...]:
    r"""Return the entries of a References section, or of a paragraph ``References: one; two``.

    >>> references("Symmetry.\n\nReferences\n----------\n.. [1] A. Ghosh (2015). Noise.\n.. [2] B. van Rooyen (2015).")
    ('A. Ghosh (2015). Noise.', 'B. van Rooyen (2015).')
    >>> references("Proper.\n\nReferences: L. J. Savage (1971), Elicitation;\nA. Buja (2005).\n\nMore.")
    ('L. J. Savage (1971), Elicitation', 'A. Buja (2005).')
    """
    headed = [entry for section in _HEADED.findall(text) for entry in _ENTRY.split(section)]
    listed = [entry for paragraph in _PARAGRAPH.findall(text) for entry in re.split(r";\s", paragraph)]
    return tuple(" ".join(entry.split()) for entry in (*headed, *listed) if entry.strip())
