"""Distances, squares and cosines in the graph of a loss of vectors, and the loss as a function of them.

What is found here is a proposal: the verifier checks that the loss is that function of those parts.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from losscheck.certificate import graph_json
from losscheck.expr import build
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.verifier.rows import Rows

HALF = Fraction(1, 2)
MOST_PAIRS = 120


@dataclass(frozen=True)
class Reading:
    """A root as a function ``own`` of parts ``u_0, u_1, ...``; ``straight`` has the charts put in."""

    parts: tuple[dict[str, Any], ...]
    own: Expr
    straight: Expr


def variables(n: Expr) -> frozenset[str]:
    """The names of the variables below a node."""
    return frozenset(m.value[0] for m in topological([n]) if m.op == "var")


def charted(sort: str, u: Expr) -> Expr:
    """The value of a chart, as the verifier makes it."""
    if sort == "square":
        return build.power(u, Fraction(2))
    if sort == "logistic":
        return build.exp(build.neg(build.lse([build.ZERO, build.neg(u)])))
    if sort == "half":
        return build.add(build.const(HALF), build.scale(HALF, build.sin(u)))
    return {"exp": build.exp, "sine": build.sin}[sort](u) if sort in ("exp", "sine") else u


def cosines(root: Expr, vectors: Sequence[Sequence[Expr]]) -> list[tuple[dict[str, Any], dict[Expr, Expr | None]]]:
    """Cosines of pairs of vectors: the part, and the nodes it replaces; the one that maps to None stands for it."""
    nodes = topological([root])
    known = set(nodes)
    below: dict[frozenset[str], list[Expr]] = {}
    for n in nodes:
        if n.op == "pow" and n.value in (-1, -HALF, -2):
            below.setdefault(variables(n), []).append(n)
    found: list[tuple[dict[str, Any], dict[Expr, Expr | None]]] = []
    names = [frozenset(x.value[0] for x in v) for v in vectors]
    pairs = itertools.combinations_with_replacement(range(len(vectors)), 2)
    for i, j in itertools.islice(pairs, MOST_PAIRS):
        if len(vectors[i]) != len(vectors[j]):
            continue
        for b, c, inverse in _unders(below, names[i], names[j]):
            products = [build.mul(inverse, x, y) for x, y in zip(vectors[i], vectors[j], strict=True)]
            dot = build.add(*(build.mul(x, y) for x, y in zip(vectors[i], vectors[j], strict=True)))
            whole = build.mul(inverse, dot)
            part = {
                "sort": "sine", "x": [graph_json([x]) for x in vectors[i]], "y": [graph_json([y]) for y in vectors[j]],
                "under": [graph_json([b]), graph_json([c])], "whole": graph_json([build.add(*products)]),
            }  # fmt: skip
            if whole in known and whole.op == "mul":
                found.append((part, {whole: None}))
                break
            if all(p in known for p in products) and all(p.op == "mul" for p in products):
                found.append((part, {p: p for p in products[:-1]} | {products[-1]: None}))
                break
    return found


def _unders(below: dict[frozenset[str], list[Expr]], first: frozenset[str], second: frozenset[str]) -> Any:
    """What two vectors may be divided by: ``(b, c, 1 / (b c))``."""
    for m, n in itertools.product(below.get(first, []), below.get(second, [])):
        if -2 not in (m.value, n.value):
            yield _length(m), _length(n), build.mul(m, n)
    for n in below.get(first, []) if first == second else []:
        if n.value == -2:
            yield n.args[0], n.args[0], n
        if n.value == -1:  # of the square itself
            root = build.power(n.args[0], HALF)
            yield root, root, n
    for n in below.get(first | second, []) if first != second else []:
        base = n.args[0]
        if base.op == "mul" and len(base.args) == 2 and n.value in (-1, -HALF):
            b, c = base.args if variables(base.args[0]) == first else reversed(base.args)
            yield (*((b, c) if n.value == -1 else (build.power(b, HALF), build.power(c, HALF))), n)


def _length(n: Expr) -> Expr:
    return n.args[0] if n.value == -1 else build.power(n.args[0], HALF)


def readings(lifted: Lifted, rows: Rows, root: Expr, bounded: bool = True) -> Reading | None:
    """The root as a function of its cosines, distances, squares and of the numbers that are left.

    Without ``bounded`` a cosine counts as any number: what is then linear in it is easier to bound.
    """
    own = {n.value[0]: n for n in topological([root]) if n.op == "var"}
    vectors = [[own.get(x) or build.var(x) for x in v] for v in rows.vectors()] if rows.real else []
    parts: list[dict[str, Any]] = []
    swap: dict[Expr, Expr] = {}

    def fresh(part: dict[str, Any]) -> Expr:
        parts.append(part)
        return build.var(f"u_{len(parts) - 1}")

    for part, nodes in cosines(root, vectors):
        if any(n in swap for n in nodes):
            continue
        number = part.pop("whole")
        u = fresh(part if bounded else {"sort": "real", "node": number})
        rest = [n for n, mark in nodes.items() if mark is not None]
        for n, mark in nodes.items():
            if mark is None:
                swap[n] = build.sub(u, build.add(*rest)) if rest else u
    root = build.substitute([root], swap)[0]
    done: dict[Expr, Expr] = {}
    domains = {x: a.domain for a in rows.floats for x in rows.entries(a)}

    def go(n: Expr) -> Expr:
        if n in done or not n.args or n.op in ("const", "float"):
            if n.op == "var" and n.value[0] in domains and n not in done:
                positive = domains[n.value[0]] in ("positive", "(0,1)")
                done[n] = fresh({"sort": "exp" if positive else "real", "node": graph_json([n])})
            return done.get(n, n)
        names = variables(n)
        own_only = names and names <= domains.keys()
        if own_only and n.op == "pow" and n.value == HALF:
            done[n] = fresh({"sort": "square", "node": graph_json([n])})
        elif own_only and n.op == "pow" and n.value == 2:
            done[n] = fresh({"sort": "square", "node": graph_json([n])})
        else:
            done[n] = build.rebuild(n, [go(a) for a in n.args])
        return done[n]

    try:
        made = go(root)
    except (ZeroDivisionError, ValueError, RecursionError):
        return None
    charts = {build.var(f"u_{k}"): charted(p["sort"], build.var(f"u_{k}")) for k, p in enumerate(parts)}
    return Reading(tuple(parts), made, build.substitute([made], charts)[0]) if parts else None


def plain(roots: Sequence[Expr], count: int) -> Lifted:
    """Functions of ``u_0, ...`` as a loss of its own, as the verifier reads them."""
    if count == 1 and len(roots) == 1:
        v = build.substitute(roots, {build.var("u_0"): build.var("v")})
        return Lifted("margin", None, (1,), ("v",), "real", tuple(v))
    which = tuple(range(len(roots)))
    arguments = (("u", (("", count),), "real"), ("which", (), which))
    labels = tuple(((i,), None) for i in which)
    names = tuple(f"u_{k}" for k in range(count))
    return Lifted("embedding", None, labels, names, "real", tuple(roots), arguments=arguments)
