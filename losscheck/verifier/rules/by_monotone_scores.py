r"""Losses that see their scores through one increasing function, such as StableMax's.

Lemma. Let ``l_y(z) = L_y(g(z_0), ..., g(z_{K-1}))`` for all z of R^K, with g continuous and nowhere decreasing, from
-inf to +inf. Then every w of R^K is some ``(g(z_i))_i``; ``z_i <= z_j`` gives ``w_i <= w_j``, and a w with
``w_i <= w_j`` comes from a z with ``z_i <= z_j`` (equal w_i from equal z_i). So the conditional risks take the same
values over all
scores, and over the scores that rank some j as high as some i. If L does not change when one number is added to all
scores, one infinite end is enough: every w has a shift in the image, with the same order and the same risks. So
``classification_calibrated``, ``topk_calibrated``, ``balanced_calibrated``, ``symmetric``, ``nonnegative``,
``bounded_below`` and ``bounded_above`` hold for l iff for L. (Not so convexity, invariance under shifts or a softmax
link; nor calibration, if g is bounded or steps.)

Hypotheses checked: l, g and L are defined everywhere; each ``l_y(z) - L_y(g(z))`` has normal form zero, on the whole or
on every polyhedral cell on which its branches are decided, ties included; g is analytic with a derivative >= 0 on
finitely many pieces of R, without a step at a cut (the value there included), and tends to -inf and +inf (or one of
them, with the premise ``shift_invariant`` of L); the fact of L.

Proof node: ``{"rule": "by_monotone_scores", "g": graph in v, "breaks": [...], "own": [graph, ...], "proof": ...,
"shift": null | proof}``.
"""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.identity import same
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
SHARED = (
    "classification_calibrated", "topk_calibrated", "balanced_calibrated", "symmetric", "nonnegative", "bounded_below",
    "bounded_above",
)  # fmt: skip


def onto(case: Case, g: Node, hints: Any, half: bool) -> None:
    """Check that g is continuous and nowhere decreasing, with infinite ends; if half, with one of them."""
    c = curve(case.pool, g, "v", None, None, hints)
    expect(all(c.on(c.derivative(i), i) in "+p0" for i in range(len(c.pieces))), "g may decrease")
    expect(all(c.step(i) == ("0", "0") for i in range(len(c.cuts))), "g may have a step")
    ends = c.end(c.pieces[0].node, False), c.end(c.pieces[-1].node, True)
    infinite = [isinstance(e, int) and e == wanted for e, wanted in zip(ends, (-1, 1), strict=True)]
    expect(any(infinite) if half else all(infinite), "g is not shown to take all values")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the losses, the function of the scores and the fact of the losses behind it."""
    g = formula(case, proof["g"], {"v"})
    expect(len(proof["own"]) == len(case.roots), "one formula for each class")
    behind = changed(case, roots=[formula(case, each, {*case.variables}) for each in proof["own"]])
    one = changed(case, roots=[g], kind="profile", n_classes=None, variables=["v"], labels=[1])
    expect(all(map(broken_nowhere, (case, behind, one))), "a loss, or g, is not shown to be defined everywhere")
    if proof["shift"] is not None:
        Checker(behind).premise(proof["shift"], "shift_invariant")
    onto(case, g, proof["breaks"], proof["shift"] is not None)
    seen = {x: replace(case, g, {"v": case.pool.var(x)}) for x in case.variables}
    for root, own in zip(case.roots, behind.roots, strict=True):
        made = replace(case, own, seen)
        shown = same(case.pool, root, made) or equal_on_cells(case.pool, root, made, case.variables)
        expect(shown, "a loss is not shown to see its scores through g")
    fact = Checker(behind).fact(proof["proof"])
    expect(fact.property in SHARED, f"{fact.property} is not that of the loss behind g")
    return fact
