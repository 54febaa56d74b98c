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

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import analytic
from losscheck.verifier.ends import end_limit
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import resolve
from losscheck.verifier.regression import positives
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def stays(a: Any, b: Any, low: Any, high: Any) -> bool:
    """Whether ``a + b t > 0`` for all t between (high None: no end)."""
    if high is None:
        return bool(b >= 0 and a + b * low >= 0 and (b > 0 or a > 0))
    return bool(a + b * low >= 0 and a + b * high >= 0 and 2 * a + b * (low + high) > 0)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the line, the switches along it and the limit of the slope."""
    pool, (root,), far, reach = case.pool, case.roots, proof["far"] is True, rational(proof["reach"])
    expect(reach > 0 and isinstance(proof["path"], list) and len(proof["path"]) == 2, "malformed line")
    low, high = (reach, None) if far else (reach * 0, reach)
    change = {}
    for (name, up), (a, b) in zip(positives(case).items(), proof["path"], strict=True):
        a, b = rational(a), rational(b)
        expect(not up or stays(a, b, low, high), "the line leaves the domain")
        change[pool.var(name)] = pool.linear((a, pool.one), (b, pool.var("t")))

    def strict(g: Node) -> str:
        s = interval_sign(pool, pool.substitute(g, change), "t", low, high)
        return s if s in "+-" else "?"

    node = resolve(pool, root, "t", None, None, strict)
    expect(analytic(node, strict), "the loss is not shown to be smooth along the line")
    slope = pool.substitute(pool.differentiate(node, "yhat"), change)
    limit = end_limit(pool, slope, "t", None if far else low, -1 if far else 1)
    expect(limit is not None and limit[0] == "inf", "no infinite limit of the slope is shown")
    if proof["of"] == "lipschitz":
        expect(proof["norm"] in ("l2", "linf"), "norm is l2 or linf")
        return Fact("lipschitz", params={"norm": proof["norm"]}, value="inf", bounds=["inf", "inf"])
    expect(proof["of"] == "bounded_influence", "the slope speaks of lipschitz or bounded_influence")
    return Fact("bounded_influence", holds=False)
