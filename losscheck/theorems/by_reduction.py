"""Losses of several labels and of soft labels, from binary losses and losses of hard labels they are made of.

Rules ``by_label_parts`` and ``by_hard_labels``: the property itself is asked of the simpler losses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from losscheck.certificate import graph_json
from losscheck.expr.build import add, const, scale, substitute, var
from losscheck.expr.constants import chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import bounded_by_limits
from losscheck.verdict import Outcome, Verdict

Ask = Callable[..., Outcome]


def attempt(lifted: Lifted, prop: str, ask: Ask, **params: Any) -> Outcome | None:
    """Decide a property of a loss of several or soft labels, or return None; ``ask`` answers it of simpler losses."""
    try:
        if lifted.kind == "multilabel":
            return _of_parts(lifted, prop, ask, params)
        if lifted.kind == "soft":
            return _of_hard_labels(lifted, prop, ask, params)
    except (ZeroDivisionError, ValueError):  # the formula has no meaning at a score of 0 or at a vertex
        return None
    return None


def _at(root: Expr, values: dict[str, Expr]) -> Expr:
    named = [n for n in topological([root]) if n.op == "var" and n.value[0] in values]
    return substitute([root], {n: values[n.value[0]] for n in named})[0]


def _formulas(lifted: Lifted, constants: dict[str, str] | None) -> list[dict[str, Any]]:
    """The losses as a certificate brings them along, with the choice of constants written in; None leaves all open."""
    return [graph_json([root]) for root in (lifted.roots if constants is None else chosen(lifted.roots, constants))]


def parts(lifted: Lifted) -> list[Lifted]:
    """The binary losses of which a sum over the labels would consist."""
    k, zero = len(lifted.variables), const(Fraction(0))
    least = _at(lifted.roots[0], dict.fromkeys(lifted.variables, zero))
    found = []
    for i, name in enumerate(lifted.variables):
        others = {x: zero for x in lifted.variables if x != name}
        sides = []
        for bit in (0, 1):
            label = tuple(bit if j == i else 0 for j in range(k))
            root = _at(lifted.roots[lifted.labels.index(label)], {**others, name: var("z")})
            sides.append(add(root, scale(Fraction(1 - k, k), least)))
        found.append(
            replace(
                lifted, kind="binary", n_classes=None, labels=(0, 1), variables=("z",), roots=tuple(sides), resized=None
            )
        )
    return found


def _of_parts(lifted: Lifted, prop: str, ask: Ask, params: dict[str, Any]) -> Outcome | None:
    answers: dict[str, Outcome] = {}
    floors: dict[str, Outcome] = {}
    found, bounded = [], []
    own = parts(lifted)
    for i, part in enumerate(own):
        if part.digest not in answers:
            answers[part.digest] = ask(part, **params)
        outcome = answers[part.digest]
        if outcome.certificate is None or outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
            return None
        if outcome.verdict is Verdict.REFUTED:
            told = [_formulas(each, None) for each in own]
            proof = {"rule": "by_label_parts", "own": told, "part": i, "proof": outcome.certificate["proof"]}
            message = f"The loss is a sum over the labels, and its part of label {i} fails: {outcome.message}"
            return refute(lifted, prop, proof, message=message, witness={"label": i, "of_part": outcome.witness})
        found.append(outcome.certificate["proof"])
        if prop == "classification_calibrated":
            floor = floors.get(part.digest) or bounded_by_limits.attempt(part, "below")
            if floor is None or floor.certificate is None:
                return None
            floors[part.digest] = floor
            bounded.append(floor.certificate["proof"])
    message = f"The loss is a sum of one binary loss per label. {next(iter(answers.values())).message}"
    for choice in [outcome.constants for outcome in answers.values()]:
        told = [_formulas(part, choice) for part in own]
        proof = {"rule": "by_label_parts", "own": told, "proofs": found, "bounded": bounded or None}
        if made := prove(lifted, prop, proof, message=message, constants=choice):
            return made
    return None


def hard(lifted: Lifted) -> Lifted:
    """The losses at the vertices of the simplex, as a loss of logits."""
    k = len(lifted.variables) // 2
    vertices = [{x: const(Fraction(int(i == y))) for i, x in enumerate(lifted.variables[k:])} for y in range(k)]
    roots = tuple(_at(lifted.roots[0], vertex) for vertex in vertices)
    return replace(
        lifted, kind="logits", labels=tuple(range(k)), variables=lifted.variables[:k], domain="real", roots=roots,
        resized=None,
    )  # fmt: skip


def _of_hard_labels(lifted: Lifted, prop: str, ask: Ask, params: dict[str, Any]) -> Outcome | None:
    own = hard(lifted)
    outcome = ask(own, **params)
    if outcome.certificate is None or outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return None
    told = _formulas(own, outcome.constants if outcome.verdict is Verdict.PROVED else None)
    proof = {"rule": "by_hard_labels", "own": told, "proof": outcome.certificate["proof"]}
    if outcome.verdict is Verdict.PROVED:
        message = f"The loss is linear in the label, up to what depends on the label alone. {outcome.message}"
        return prove(lifted, prop, proof, message=message, constants=outcome.constants)
    message = f"At a hard label: {outcome.message}"
    return refute(lifted, prop, proof, message=message, witness=outcome.witness)
