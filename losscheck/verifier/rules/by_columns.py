"""Losses that are, for every label, a sum of functions of one variable each: shape and bounds from theirs.

Lemma. Let ``l_y(x) = c_y + f_1(x_1) + ... + f_n(x_n)``. If every f_i is convex (differentiable) on the line, or on
(0, 1) where x is a point of the open simplex, so is l_y; if every f_i is bounded below (above), so is l_y; and l_y is
nonnegative if every ``f_i + s_i`` is, for numbers s_i whose sum is c_y. What holds for all x of a product of intervals
holds on the simplex in it.

Checked: every term of the sum has one variable; the facts of the functions by their own proofs, as of a function of one
score or of one probability; the shifts add up.

Proof node: ``{"rule": "by_columns", "ask": "convex", "proofs": [[proof, ...], ...]}``: for every label and variable;
for ``nonnegative`` also ``"shifts": [["1/2", ...], ...]``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits", "multilabel", "simplex")
ASKED = ("convex", "differentiable", "bounded_below", "bounded_above", "nonnegative")


def columns(case: Case, root: Node) -> tuple[Any, list[Node]]:
    """The constant of a sum and its function of every variable."""
    pool = case.pool
    constant, terms = pool.form(root)
    parts: dict[str, list[Any]] = {x: [] for x in case.variables}
    for n, k in terms.items():
        own = {m.value for m in walk(n) if m.op == "var"}
        expect(len(own) <= 1, "a term has several variables")
        parts[own.pop() if own else case.variables[0]].append((k, n))
    return constant, [pool.linear(*parts[x]) for x in case.variables]


def column(case: Case, f: Node, name: str) -> Case:
    """A function of one variable as a case of its own: of a real v, or of a probability whatever the label is."""
    if case.domain == "simplex":
        moved = case.pool.substitute(f, {case.pool.var(name): case.pool.var("p")})
        one = replace(case, roots=[moved, moved], kind="probability", labels=[0, 1], variables=["p"], domain="unit")
    else:
        moved = case.pool.substitute(f, {case.pool.var(name): case.pool.var("v")})
        one = replace(case, roots=[moved], kind="profile", labels=[1], variables=["v"], domain="real")
    return replace(one, n_classes=None)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every function of one variable."""
    ask, pool = proof["ask"], case.pool
    expect(ask in ASKED, f"the functions of one variable speak of {', '.join(ASKED)}")
    expect(len(proof["proofs"]) == len(case.roots), "a list of proofs for every label")
    done: set[tuple[Node, str]] = set()
    for y, root in enumerate(case.roots):
        constant, parts = columns(case, root)
        expect(len(proof["proofs"][y]) == len(parts), "a proof for every variable")
        if ask == "nonnegative":
            shifts = [rational(s) for s in proof["shifts"][y]]
            expect(len(shifts) == len(parts) and sum(shifts) == constant, "the shifts do not add up")
            parts = [pool.add(f, pool.const(s)) for f, s in zip(parts, shifts, strict=True)]
        for f, name, each in zip(parts, case.variables, proof["proofs"][y], strict=True):
            one = column(case, f, name)
            key = (one.roots[0], json.dumps(each, sort_keys=True))
            if key not in done:
                Checker(one).premise(each, ask)
                done.add(key)
    return Fact(ask)
