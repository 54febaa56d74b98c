"""What the rules and theorems of a proof say: their documentation, read without running them.

>>> title, paragraphs = lemma({"rule": "convex_by_curvature"})
>>> title
'Convexity of every label by composition rules on the graph, in any dimension.'
>>> lemma({"rule": "implication", "theorem": "strictly_proper_is_proper"})[0].endswith(".")
True
>>> lemma({"rule": "../cli/app"})
('', ())
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent
_HIDDEN = ("Proof node:", "``ask``")


def lemma(proof: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the title of the rule that a proof node names, and the paragraphs that state it; empty when unknown.

    An application of a theorem between properties is named after the theorem.
    """
    rule = proof.get("rule")
    title, paragraphs = _text("verifier/rules", rule) if isinstance(rule, str) else ("", ())
    if rule == "implication" and isinstance(proof.get("theorem"), str):
        return _text("theorems", proof["theorem"])
    return title, paragraphs


@cache
def _text(folder: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Read the docstring of a module of ours; what a file names may be hostile."""
    path = _ROOT / folder / f"{name}.py"
    if not (name.isidentifier() and name.isascii() and path.is_file()):
        return "", ()
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    title, *rest = doc.split("\n\n")
    shown = tuple(part for part in rest if part.strip() and not part.startswith(_HIDDEN))
    return " ".join(title.split()), shown
