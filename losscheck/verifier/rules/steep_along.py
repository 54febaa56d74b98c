"""A regression loss whose slope in yhat diverges along a line of the domain.

Lemma. At every point of the line the arguments of all switches have strict signs, so the loss is the same analytic
formula in a neighbourhood of it, and the formula's derivative in yhat is that of the loss. If it tends to an infinity
at an end of the line (t to 0, or to infinity), the supremum of ``|d l / d yhat|`` is infinite: so is the least
Lipschitz constant, and the influence is not bounded.

Proof node: ``{"rule": "steep_along", "of": "lipschitz" | "bounded_influence", "path": [[a, b], [c, d]], "far": bool,
"reach": "r"}``: ``yhat = a + b t, y = c + d t``, for 0 < t < r, or for t > r if far.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import analytic
from losscheck.verifier.ends import end_limit
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import resolve
from losscheck.verifier.regression import line
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the line, the switches along it and the limit of the slope."""
    pool, (root,) = case.pool, case.roots
    change, low, high = line(case, proof["path"], proof["far"] is True, proof["reach"])

    def strict(g: Node) -> str:
        s = interval_sign(pool, pool.substitute(g, change), "t", low, high)
        return s if s in "+-" else "?"

    node = resolve(pool, root, "t", None, None, strict)
    expect(analytic(node, strict), "the loss is not shown to be smooth along the line")
    slope = pool.substitute(pool.differentiate(node, "yhat"), change)
    limit = end_limit(pool, slope, "t", *((None, -1) if high is None else (low, 1)))
    expect(limit is not None and limit[0] == "inf", "no infinite limit of the slope is shown")
    if proof["of"] == "lipschitz":
        expect(proof["norm"] in ("l2", "linf"), "norm is l2 or linf")
        return Fact("lipschitz", params={"norm": proof["norm"]}, value="inf", bounds=["inf", "inf"])
    expect(proof["of"] == "bounded_influence", "the slope speaks of lipschitz or bounded_influence")
    return Fact("bounded_influence", holds=False)
