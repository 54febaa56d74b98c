"""A certificate's proof as a tree to show: the rule, what it says, and the facts it rests on.

A proof is a dict with a ``rule``; the facts it rests on are the proofs anywhere among its values. What it says beside
them is shown as JSON, cut short: the page explains a proof, the certificate in the JSON report is the proof.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from losscheck.lemmas import lemma

_DATA, _DEPTH = 240, 16


@dataclass
class Budget:
    """How many steps may still be shown on this page."""

    steps: int


@dataclass(frozen=True)
class Step:
    """One step of a proof as it is shown; ``omitted`` counts the steps below it that are not.

    ``role`` is what the step is to the one above (its ``convex``, its ``premises``), ``title`` says in a sentence what
    the rule shows, ``lemma`` states it, paragraph by paragraph.
    """

    rule: str
    data: tuple[tuple[str, str], ...]
    below: tuple[Step, ...]
    omitted: int
    role: str = ""
    title: str = ""
    lemma: tuple[str, ...] = ()


def _is_proof(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("rule"), str)


def _below(value: Any, role: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the proofs directly below, those in ``value`` with no other proof between, each with its role."""
    parts = value.items() if isinstance(value, dict) else ((role, x) for x in value) if isinstance(value, list) else ()
    for name, part in parts:
        if _is_proof(part):
            yield str(name), part
        else:
            yield from _below(part, str(name))


def _rests_on_facts(value: Any) -> bool:
    return isinstance(value, dict | list) and (_is_proof(value) or next(_below(value), None) is not None)


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _DATA else f"{text[:_DATA]}... ({len(text)} characters)"


def steps(proof: Any, budget: Budget, depth: int = 0, role: str = "") -> Step | None:
    """Return ``proof`` as a tree of steps, or None when it is not a proof or ``budget`` is spent."""
    if not _is_proof(proof) or budget.steps <= 0 or depth > _DEPTH:
        return None
    budget.steps -= 1
    children = list(_below(proof))
    below = tuple(filter(None, (steps(child, budget, depth + 1, name) for name, child in children)))
    data = tuple((key, _cut(value)) for key, value in proof.items() if key != "rule" and not _rests_on_facts(value))
    title, paragraphs = lemma(proof)
    return Step(proof["rule"], data, below, len(children) - len(below), role, title, paragraphs)
