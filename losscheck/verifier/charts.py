"""Charts of one variable: functions from all reals onto a domain, exact as graphs, and rows made plain by them.

``real`` t; ``square`` t^2 onto [0, inf); ``exp`` onto the positive numbers; ``logistic`` onto (0, 1); ``sine`` onto
[-1, 1]; ``half`` (1 + sin t) / 2 onto [0, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.rows import Argument, Rows
from losscheck.verifier.terms import Node, Pool

ONTO = {"real": "real", "positive": "exp", "(0,1)": "logistic", "[-1,1]": "sine", "unit": "half"}
"""The chart of each domain."""


def chart(pool: Pool, sort: str, t: Node) -> Node:
    """The value of a chart at t."""
    expect(sort in ("real", "square", "exp", "logistic", "sine", "half"), "unknown chart")
    if sort == "real":
        return t
    if sort == "square":
        return pool.power(t, Fraction(2))
    if sort == "exp":
        return pool.exp(t)
    if sort == "logistic":
        return pool.exp(pool.scale(-1, pool.make("lse", None, (pool.zero, pool.scale(-1, t)))))
    wave = pool.make("sin", None, (t,))
    return wave if sort == "sine" else pool.linear((Fraction(1, 2), pool.one), (Fraction(1, 2), wave))


def plain_case(case: Case, roots: Sequence[Node], count: int) -> Case:
    """Functions of ``count`` reals ``u_0, u_1, ...`` as a case of its own: of one root and one real a margin loss."""
    if count == 1 and len(roots) == 1:
        v = {case.pool.var("u_0"): case.pool.var("v")}
        return replace(
            case, roots=[case.pool.substitute(roots[0], v)], kind="margin", n_classes=None, labels=[1], variables=["v"],
            domain="real", written=[], rows=None,
        )  # fmt: skip
    own = Argument("u", ("",), (count,), "real")
    which = Argument("which", (), (), "label", tuple(range(len(roots))))
    rows = Rows((own, which), tuple(((i,), None) for i in range(len(roots))))
    return replace(
        case, roots=list(roots), kind="embedding", labels=[[[i], None] for i in range(len(roots))],
        variables=rows.entries(own), domain="real", written=[], rows=rows,
    )  # fmt: skip
