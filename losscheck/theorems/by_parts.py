"""Losses that are a sum of unlike parts, part by part. Rule ``by_parts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from losscheck.expr.build import add, const, scale
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier.rules.by_parts import MOST

Ask = Callable[[Lifted], Outcome]
Mark = frozenset[tuple[str, object]]


def mark(term: Expr) -> Mark:
    """What a term is made of: its functions, and the exponents of its powers."""
    return frozenset((n.op, n.value if n.op == "pow" else None) for n in topological([term]) if n.args)


def parts(lifted: Lifted) -> tuple[list[list[int]], list[Lifted]] | None:
    """The part of each term of every label, terms made alike together, and the parts; None for a loss of one part."""
    if any(root.op != "add" or len(root.args) < 2 for root in lifted.roots):
        return None
    marks = list(dict.fromkeys(mark(t) for root in lifted.roots for t in root.args))
    if not 2 <= len(marks) <= MOST:
        return None
    groups = [[marks.index(mark(t)) for t in root.args] for root in lifted.roots]

    def part(root: Expr, said: list[int], i: int) -> Expr:
        own = [scale(c, t) for c, t, g in zip(root.value[1:], root.args, said, strict=True) if g == i]
        return add(const(0 if i else root.value[0]), *own)

    made = [
        replace(
            lifted, roots=tuple(part(r, said, i) for r, said in zip(lifted.roots, groups, strict=True)), resized=None
        )
        for i in range(len(marks))
    ]
    return groups, made


def attempt(lifted: Lifted, ask: str, ways: Sequence[Ask], otherwise: Ask | None = None) -> Outcome | None:
    """Prove a property of a sum when each way proves one of every part, or None.

    ``otherwise`` may take the place of a way that fails for a part (proper for strictly proper).
    """
    found = parts(lifted)
    if found is None:
        return None
    groups, made = found
    proofs = []
    for each in made:
        own = []
        for way in ways:
            outcome = way(each)
            if outcome.verdict is not Verdict.PROVED and otherwise is not None:
                outcome = otherwise(each)
            if outcome.verdict is not Verdict.PROVED or outcome.certificate is None:
                return None
            own.append(outcome.certificate["proof"])
        proofs.append(own)
    proof = {"rule": "by_parts", "ask": ask, "parts": groups, "proofs": proofs}
    return prove(lifted, ask, proof, message=f"The loss is a sum of {len(made)} parts, for each of which it is shown.")
