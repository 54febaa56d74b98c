"""Distances, squares and cosines in the graph of a loss of vectors, and the loss as a function of them.

What is found here is a proposal: the verifier checks that the loss is that function of those parts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True)
class Cosine:
    """``x . y / (b c)`` as a part, and the same as a product of a sum or as a sum of products."""

    part: dict[str, Any]
    whole: Expr
    products: tuple[Expr, ...]

    def swaps(self, nodes: Sequence[Expr], u: Expr) -> dict[Expr, Expr]:
        """What becomes of the nodes that hold it once it is called u: of a sum of products the last one changes."""
        swap: dict[Expr, Expr] = {}
        found: dict[tuple[Expr, ...], dict[int, Expr]] = {}
        for n in nodes:
            if n.op != "mul":
                continue
            if self.whole.op == "mul" and set(self.whole.args) <= set(n.args):
                swap[n] = build.mul(u, *(a for a in n.args if a not in self.whole.args))
                continue
            for k, p in enumerate(self.products):
                if p.op == "mul" and set(p.args) <= set(n.args):
                    found.setdefault(tuple(a for a in n.args if a not in p.args), {})[k] = n
        for rest, places in found.items():
            if len(places) == len(self.products):
                *others, last = (places[k] for k in range(len(self.products)))
                swap[last] = build.sub(build.mul(u, *rest), build.add(*others))
        return swap


def cosines(root: Expr, vectors: Sequence[Sequence[Expr]]) -> Iterator[Cosine]:
    """Cosines of pairs of vectors, then entries of unit vectors, that the root may hold."""
    below: dict[frozenset[str], list[Expr]] = {}
    for n in topological([root]):
        if n.op == "pow" and n.value in (-1, -HALF, -2):
            below.setdefault(variables(n), []).append(n)
    names = [frozenset(x.value[0] for x in v) for v in vectors]
    pairs = itertools.combinations_with_replacement(range(len(vectors)), 2)
    for i, j in itertools.islice(pairs, MOST_PAIRS):
        if len(vectors[i]) == len(vectors[j]):
            for b, c, inverse in _unders(below, names[i], names[j]):
                yield _cosine(vectors[i], vectors[j], b, c, inverse)
    for v, own in zip(vectors, names, strict=True):
        for n in below.get(own, []):
            for k in range(len(v)):
                axis = [build.ONE if m == k else build.ZERO for m in range(len(v))]
                if n.value != -2:
                    yield _cosine(v, axis, _length(n), build.ONE, n)


def _cosine(x: Sequence[Expr], y: Sequence[Expr], b: Expr, c: Expr, inverse: Expr) -> Cosine:
    terms = [build.mul(inverse, s, t) for s, t in zip(x, y, strict=True) if build.ZERO not in (s, t)]
    whole = build.mul(inverse, build.add(*(build.mul(s, t) for s, t in zip(x, y, strict=True))))
    part = {
        "sort": "sine", "x": [graph_json([s]) for s in x], "y": [graph_json([t]) for t in y],
        "under": [graph_json([b]), graph_json([c])],
    }  # fmt: skip
    return Cosine(part, whole, tuple(terms))


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

    def fresh(part: dict[str, Any]) -> Expr:
        parts.append(part)
        return build.var(f"u_{len(parts) - 1}")

    for cosine in cosines(root, vectors):
        u = build.var(f"u_{len(parts)}")
        swap = cosine.swaps(topological([root]), u)
        if swap:
            number = {"sort": "real", "node": graph_json([build.add(*cosine.products)])}
            fresh(cosine.part if bounded else number)
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
