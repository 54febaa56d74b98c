"""Regression losses with terms of the observation alone, a normaliser for instance (rule ``apart_from_labels``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.build import add, const, mul
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.regression_profile import is_count, is_positive
from losscheck.verdict import Outcome, Verdict


def _sum(parts: list[tuple[Expr, Fraction]]) -> Expr:
    return add(*(mul(const(k), n) for n, k in parts))


def attempt(lifted: Lifted, prop: str, solve: Callable[[Lifted], Outcome | None]) -> Outcome | None:
    """Decide a property of the loss without those terms, and say it of the loss, or None."""
    root = lifted.roots[0]
    if root.op != "add":
        return None
    terms = list(zip(root.args, root.value[1:], strict=True))
    own = [(n, k) for n, k in terms if all(m.op != "var" or m.value[0] == "y" for m in topological([n]))]
    kept = [(n, k) for n, k in terms if (n, k) not in own]
    if not own or not kept:
        return None
    found = solve(replace(lifted, roots=(_sum(kept),)))
    if found is None or found.certificate is None:
        return None
    positive = is_positive(lifted, "y") or is_count(lifted)
    hints = breakpoints(_sum(own), "y", "positive" if positive else "real")
    proof = {
        "rule": "apart_from_labels",
        "breaks": [h for h in hints if isinstance(h, str)],
        "proof": found.certificate["proof"],
    }
    message = f"{found.message} A term of y alone changes nothing."
    if found.verdict is Verdict.PROVED:
        return prove(lifted, prop, proof, message=message)
    return refute(lifted, prop, proof, message=message, witness=found.witness)
