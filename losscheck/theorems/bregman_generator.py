"""The generator of a proper loss. Rule ``generator_by_risk``."""

from __future__ import annotations

from typing import Any

from losscheck.expr.build import ONE, add, mul, neg, sub, var
from losscheck.expr.printing import text
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.proving import prove, refute
from losscheck.theorems.bayes import answer as bayes_answer
from losscheck.verdict import Outcome, Verdict, not_applicable, undecided

NAME = "bregman_generator"


def answer(lifted: Lifted, given: dict[str, Any]) -> Outcome:
    """Decide whether there is a generator, or enclose its value at a truth."""
    proper: Outcome = properties()["proper"].answer(lifted)
    if proper.verdict not in (Verdict.PROVED, Verdict.REFUTED) or proper.certificate is None:
        return undecided("Properness is not decided.", reason="no theorem applies", params=given)
    proof: dict[str, Any] = {"rule": "generator_by_risk", "proper": proper.certificate["proof"], "risk": None}
    if proper.verdict is Verdict.REFUTED:
        if given:
            return not_applicable(f"The loss has no generator. {proper.message}", reason="not proper", params=given)
        found = refute(
            lifted, NAME, proof, message=f"Some regret is negative. {proper.message}", witness=proper.witness
        )
        return found or undecided("The certificate of improperness was not accepted.", reason="no theorem applies")
    message = f"The regret is the Bregman divergence of the convex function G = {formula(lifted)}."
    if given:
        risk = bayes_answer(lifted, "bayes_risk", given)
        if risk.verdict is not Verdict.PROVED or risk.certificate is None:
            return undecided("The Bayes risk is not enclosed.", reason="no theorem applies", params=given)
        proof["risk"] = risk.certificate["proof"]
    return prove(lifted, NAME, proof, message=message) or undecided(
        "The certificate of properness was not accepted.", reason="no theorem applies", params=given
    )


def formula(lifted: Lifted) -> str:
    """``-sum p_y l(p, y)`` as text."""
    if lifted.kind == "probability":
        p = var("p", "unit")
        return text(neg(add(mul(p, lifted.roots[1]), mul(sub(ONE, p), lifted.roots[0]))))
    return text(neg(add(*(mul(var(x, "unit"), r) for x, r in zip(lifted.variables, lifted.roots, strict=True)))))
