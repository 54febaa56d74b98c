"""Losses of counts: what holds of every positive observation and of the observation 0 (rule ``by_counts``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from losscheck.expr.build import const, var
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.regression_profile import Solve, at, is_count, is_positive, one_variable
from losscheck.verdict import Outcome, Verdict


def attempt(lifted: Lifted, prop: str, solve: Callable[[Lifted], Outcome | None], zero: Solve) -> Outcome | None:
    """Prove a property of a loss of counts from its parts, or None; ``solve`` and ``zero`` decide the two parts."""
    if not is_count(lifted):
        return None
    domain = "positive" if is_positive(lifted, "yhat") else "real"
    found = solve(replace(lifted, domain="positive" if domain == "positive" else "yhat:real y:positive"))
    if found is None or found.certificate is None or found.verdict is not Verdict.PROVED:
        return None
    try:
        low = zero(one_variable(lifted, at(lifted.roots[0], var("v", domain), const(0)), domain))
    except (ZeroDivisionError, ValueError, ArithmeticError):
        return None
    if low is None or low.certificate is None or low.verdict is not Verdict.PROVED:
        return None
    proof = {"rule": "by_counts", "positive": found.certificate["proof"], "zero": low.certificate["proof"]}
    return prove(lifted, prop, proof, message=f"For y > 0: {found.message} At y = 0 it is {prop} too.")
