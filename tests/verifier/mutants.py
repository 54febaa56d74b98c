"""Mutated certificates: one change each, and what an accepted one may say.

An accepted mutant of the graph is a statement about another loss; wherever it can be sampled, the samples agree.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier import Statement
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import read
from losscheck.verifier.cover import value_at

Certificate = dict[str, Any]
Path = tuple[Any, ...]


def paths(x: Any, at: Path = ()) -> Iterator[Path]:
    """Every place of a JSON value."""
    yield at
    for k, y in x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ():
        yield from paths(y, (*at, k))


def get(x: Any, at: Path) -> Any:
    for k in at:
        x = x[k]
    return x


def neighbours(x: Any, rng: random.Random) -> list[Any]:
    """Values like ``x``, and values that have no business there."""
    wild = [None, True, -1, 10**40, 1e308, float("nan"), "", "x", "1/0", "9" * 500, [], {}, [[]], {"rule": "kink"}]
    near: list[Any] = []
    if isinstance(x, bool):
        near = [not x]
    elif isinstance(x, int):
        near = [x + 1, x - 1, 0, 2 * x]
    elif isinstance(x, str):
        try:
            q = Fraction(x)
            small = Fraction(1, rng.choice([2, 10, 10**6, 10**18]))
            near = [str(y) for y in (q + 1, -q, 2 * q, q / 2, q + small, q - small, q * 10**30, Fraction(0))]
        except (ValueError, ZeroDivisionError):
            ops = ["exp", "log", "max", "min", "add", "abs", "sin", "atan", "lt", "var", "const", "proved", "refuted"]
            near = [*ops, x + "x", x[:-1], "convex", "proper", "nonincreasing"]
    elif isinstance(x, list):
        near = [x[:-1], x[1:], x[::-1], x + x[:1], [x]]
    elif isinstance(x, dict):
        near = [{k: y for k, y in x.items() if k != gone} for gone in x]
    return near * 3 + wild


def mutate(one: Certificate, other: Certificate, rng: random.Random) -> tuple[Certificate, str]:
    """A certificate with one change, and what was changed."""
    c = copy.deepcopy(one)
    if rng.random() < 0.12:
        part = rng.choice(["graph", "claim", "proof", "constants", "variables", "labels", "kind", "domain"])
        c[part] = copy.deepcopy(other[part])
        return c, f"{part} of another certificate"
    part = rng.choice(["graph", "graph", "claim", "proof", "proof", "proof", rng.choice(list(c))])
    at = rng.choice([p for p in paths(c[part])])
    where = (part, *at)
    if rng.random() < 0.1 and at:
        del get(c, where[:-1])[where[-1]]
        return c, f"deleted {where}"
    new = rng.choice(neighbours(get(c, where), rng))
    get(c, where[:-1])[where[-1]] = new
    return c, f"{where} = {str(new)[:60]}"


def meaning(c: Certificate) -> str:
    """Graph and claim as canonical text; an absent part of a claim is null."""
    claim = {"params": {}, "value": None, "bounds": None, "slack": None} | c["claim"]
    head = {k: c.get(k) for k in ("graph", "kind", "n_classes", "labels", "variables", "domain")}
    chosen = c.get("constants") if claim["verdict"] == "proved" else {}  # a refutation holds for every choice
    return json.dumps([head, claim, chosen or {}], sort_keys=True)


def samples_agree(c: Certificate, s: Statement) -> bool:
    """Check an accepted statement about a loss of one variable at random points."""
    case, rng = read(c), random.Random(5)
    if len(case.variables) != 1 or case.parameters:
        return True
    x = case.variables[0]

    def f(root: Any, at: Fraction) -> Any:
        return value_at(root, {x: at})

    points = sorted(
        {Fraction(rng.randint(1, 999), 1000) * (1 if case.domain == "unit" else rng.choice([-8, 8])) for _ in range(40)}
    )
    proved = s.verdict == "proved"
    for root in case.roots:
        try:
            values = [f(root, p) for p in points]
            middles = [f(root, (a + b) / 2) for a, b in pairwise(points)]
        except Undefined:
            return True
        bad = {
            "convex": any(2 * m > a + b for a, m, b in zip(values, middles, values[1:], strict=False)),
            "nonincreasing": any(b > a for a, b in pairwise(values)),
            "nonnegative": any(v < 0 for v in values),
        }.get(s.property, False)
        if proved and bad:
            return False
    return True
