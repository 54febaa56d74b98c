"""What a theorem declares: an implication between properties of one loss, as data.

Adding a theorem is adding one file to ``losscheck/theorems/`` that holds a module-level ``THEOREM``, and its row to the
verifier's own table (``losscheck/verifier/rules/implication.py``; a test compares the two).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

Literal = tuple[str, bool]
"""A property and whether it holds."""


@dataclass(frozen=True)
class Theorem:
    """``premises`` together imply ``conclusion`` for every loss of one of ``kinds``.

    All other hypotheses are written into ``statement``; there are none that the premises do not state.
    """

    name: str
    kinds: frozenset[str]
    premises: tuple[Literal, ...]
    conclusion: Literal
    statement: str
    reference: str

    def read(self, facts: Mapping[str, bool]) -> bool | None:
        """Whether the facts satisfy (True) or contradict (False) the theorem; None when a premise is missing."""
        if any(facts.get(name) is not holds for name, holds in self.premises):
            return None
        said = facts.get(self.conclusion[0])
        return None if said is None else said is self.conclusion[1]


@cache
def theorems() -> tuple[Theorem, ...]:
    """All theorems, by file name."""
    import losscheck.theorems as folder

    found = []
    for info in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{folder.__name__}.{info.name}")
        theorem = getattr(module, "THEOREM", None)
        if theorem is not None:
            found.append(theorem)
    return tuple(sorted(found, key=lambda t: t.name))
