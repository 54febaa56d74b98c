"""Chain theorems: conclude a property from others, and find answers that contradict a theorem."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorem import Theorem, theorems
from losscheck.verdict import Outcome, Verdict

Ask = Callable[[str], Outcome | None]
"""Answers a property by name directly, without chaining; None when it is not asked of this kind."""


def decided(outcome: Outcome | None) -> bool | None:
    """What an outcome decides: True (proved), False (refuted) or None."""
    if outcome is None or outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return None
    return outcome.verdict is Verdict.PROVED


def conclude(lifted: Lifted, name: str, ask: Ask) -> Outcome | None:
    """An outcome for the property ``name`` from a theorem whose premises are all decided as it needs them."""
    for theorem in theorems():
        if theorem.conclusion[0] != name or lifted.kind not in theorem.kinds:
            continue
        premises = []
        for premise, holds in theorem.premises:
            outcome = ask(premise)
            if decided(outcome) is not holds or outcome is None or outcome.certificate is None:
                break
            premises.append(outcome.certificate["proof"])
        else:
            found = _by(lifted, theorem, premises)
            if found is not None:
                return found
    return None


def _by(lifted: Lifted, theorem: Theorem, premises: list[object]) -> Outcome | None:
    proof = {"rule": "implication", "theorem": theorem.name, "premises": premises}
    message = f"{theorem.statement} ({theorem.reference})"
    if theorem.conclusion[1]:
        return prove(lifted, theorem.conclusion[0], proof, message=message)
    return refute(lifted, theorem.conclusion[0], proof, message=message, witness=None)


def contradictions(kind: str | None, facts: Mapping[str, bool]) -> list[tuple[Theorem, frozenset[str]]]:
    """Theorems that decided facts about one loss contradict, each with the properties involved."""
    found = []
    for theorem in theorems():
        if kind in theorem.kinds and theorem.read(facts) is False:
            found.append((theorem, frozenset({*(name for name, _ in theorem.premises), theorem.conclusion[0]})))
    return found
