"""Points to compare a lift with the code at: ordinary ones, ties, edges of the domain, both sides of every kink."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.expr.trace import Trace, record, topological
from losscheck.lifting.calls import Call, named
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.readings import values

Random = np.random.Generator
_NEAR = np.array([0.0, 1e-300, 2.0**-1060, 1e-16, 1e-12, 1e-7, 1e-3])


def probe(call: Call) -> Floats:
    """Return one valid point with no ties."""
    rng = np.random.default_rng(7)
    return ordinary(call, 1, rng)


def ordinary(call: Call, count: int, rng: Random) -> Floats:
    """Draw ``count`` points well inside the domain."""
    parts = [_inside(a.domain, max(w, 1), count, rng) for a, w in zip(call.inputs, call.widths, strict=True)]
    ranges = [rng.uniform(float(low), float(high), (count, 1)) for low, high in call.ranges.values()]
    return np.concatenate([*parts, *ranges], axis=1)


def _inside(domain: str, width: int, count: int, rng: Random) -> Floats:
    shape = (count, width)
    if domain in ("simplex", "simplex+"):
        return np.asarray(rng.dirichlet(np.full(width, 0.8), count)) if width > 1 else np.ones(shape)
    if domain in ("unit", "(0,1)"):
        return rng.uniform(0.01, 0.99, shape)
    if domain == "positive":
        return np.exp(rng.normal(0.0, 1.5, shape))
    if domain == "[-1,1]":
        return rng.uniform(-1.0, 1.0, shape)
    if domain in ("{0,1}", "{0,1}+", "{-1,1}"):
        bits = rng.integers(0, 2, shape).astype(float)
        bits[bits.sum(axis=1) == 0, 0] = 1.0
        return bits if domain != "{-1,1}" else 2 * bits - 1
    if domain == "count":
        return rng.integers(0, 20, shape).astype(float)
    return rng.normal(0.0, 1.0, shape) * np.exp(rng.uniform(-2.5, 3.0, (count, 1)))


def special(call: Call, count: int, rng: Random) -> Floats:
    """Draw points with ties and at the edges: small integers, equal coordinates, large ones, vertices."""
    parts = [_edges(a.domain, max(w, 1), count, rng) for a, w in zip(call.inputs, call.widths, strict=True)]
    ranges = [rng.choice(_inner(float(low), float(high)), (count, 1)) for low, high in call.ranges.values()]
    return np.concatenate([*parts, *ranges], axis=1)


def far(call: Call, rng: Random) -> Floats:
    """Draw ordinary points and move one number of each, or all real or positive ones, far out."""
    domains = [domain for _, domain in call.columns]
    free = [i for i, domain in enumerate(domains) if domain in ("real", "positive")]
    found = []
    for size in (1e2, 1e3, 1e5, 1e9, 1e15):
        for columns in [[i] for i in free] + ([free] if len(free) > 1 else []):
            for sign in (1.0, -1.0):
                point = ordinary(call, 1, rng)[0]
                for i in columns:
                    turned = rng.choice([1.0, -1.0]) if len(columns) > 1 else 1.0
                    point[i] = size**sign if domains[i] == "positive" else sign * turned * size
                found.append(point)
    return np.array(found) if found else ordinary(call, 1, rng)


def distant(call: Call, count: int, rng: Random) -> Floats:
    """Draw points far out and very near 0: of one number each, or of all real or positive ones.

    Code that asks what its argument is, or catches an exception, may hide a branch there that no kink of the trace
    shows: ``math.sqrt(v + 100)`` in a ``try``.
    """
    points = np.concatenate([ordinary(call, count - count // 2, rng), special(call, count // 2, rng)])
    domains = [domain for _, domain in call.columns]
    free = [i for i, domain in enumerate(domains) if domain in ("real", "positive")]
    if not free:
        return points[:0]
    for n, point in enumerate(points):
        size = 10.0 ** rng.uniform(*((-16, -3), (1.5, 3), (1.5, 3), (3, 15))[n % 4])
        together = rng.random() < 0.5
        sign = rng.choice([1.0, -1.0])
        for i in free if together else [rng.choice(free)]:
            turned = rng.choice([1.0, -1.0]) if together and n % 3 else 1.0
            shift = point[i] if n % 3 == 0 and domains[i] == "real" else 0.0  # all of one size: only gaps differ
            point[i] = size ** (turned * sign) if domains[i] == "positive" else sign * turned * size + shift
    return points


def _inner(low: float, high: float) -> Floats:
    """Return the ends of a range, and the whole numbers, halves and quarters of it inside."""
    whole = np.arange(np.ceil(low), np.floor(high) + 1)[:20]
    return np.concatenate([[low, high, (low + high) / 2], low + (high - low) * np.array([0.25, 0.75]), whole])


def _edges(domain: str, width: int, count: int, rng: Random) -> Floats:
    shape = (count, width)
    if domain in ("simplex", "simplex+"):
        weights = rng.integers(0 if domain == "simplex" else 1, 5, shape).astype(float)
        weights[weights.sum(axis=1) == 0] = 1.0
        near = rng.random(shape) < 0.15
        weights[near] = np.maximum(rng.choice(_NEAR, near.sum()), 0.0 if domain == "simplex" else 1e-300)
        weights[weights.sum(axis=1) == 0] = 1.0
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
    if domain in ("unit", "(0,1)"):
        choice = np.concatenate([_NEAR, 1.0 - _NEAR[3:], np.arange(0, 9) / 8.0])
        points = rng.choice(choice, shape)
        return np.asarray(np.clip(points, 1e-300, 1 - 2.0**-53) if domain == "(0,1)" else points)
    if domain == "positive":
        return np.asarray(rng.choice(np.concatenate([np.arange(1, 7) / 2.0, [1e-6, 1e-3, 50.0, 1e4]]), shape))
    if domain == "real":
        points = rng.integers(-3, 4, shape).astype(float)
        points[: count // 4] = rng.uniform(-50, 50, (count // 4, width))
        points[count // 4 : count // 3] = points[count // 4 : count // 3, :1]
        points[count // 3 : count // 2] /= 2
        return points
    return _inside(domain, width, count, rng)


def kinks(roots: Sequence[Trace], limit: int = 24) -> list[Trace]:
    """Return the differences whose zeros are where branches meet: of comparisons, max, min and abs."""
    found: dict[Trace, None] = {}
    for n in topological(roots):
        if n.op in ("lt", "le", "eq"):
            found[record("sub", *n.args)] = None
        elif n.op in ("max", "min"):
            for a in n.args[1:]:
                found[record("sub", n.args[0], a)] = None
        elif n.op == "abs":
            found[n.args[0]] = None
    return [k for k in found if k.op != "const"][:limit]


MOST_HALVINGS = 140
"""Of a segment from 1e15 to the last bit of a number near 1e-12."""


def boundaries(
    call: Call, roots: Sequence[Trace], base: Floats, rng: Random, outer: Floats | None = None, per_kink: int = 6
) -> Floats:
    """Return points on both sides of each kink: where a segment between two points changes its sign, to the last bit.

    Segments join points of ``base``, or of ``outer`` where those lie on one side; so they stay in a convex domain.
    Around each crossing there are the two bisected ends, their neighbours one ulp away in one coordinate, and points
    slightly further out.
    """
    found: list[Floats] = []
    for kink in kinks(roots):
        ends = base
        sign = _signs(call, kink, ends)
        found.append(ends[sign == 0][:2])
        if outer is not None and len(outer) and ((sign >= 0).all() or (sign <= 0).all()):
            ends = np.concatenate([base, outer])
            sign = _signs(call, kink, ends)
        below, above = np.flatnonzero(sign < 0), np.flatnonzero(sign > 0)
        if not len(below) or not len(above):
            continue
        a, b = ends[rng.choice(below, per_kink)], ends[rng.choice(above, per_kink)]
        order = topological([kink])
        for _ in range(MOST_HALVINGS):
            middle = a + (b - a) / 2
            if ((middle == a) | (middle == b)).all():
                break
            high = np.broadcast_to(values([kink], named(call.variables, middle), order)[0] > 0, per_kink)[:, None]
            a, b = np.where(high, a, middle), np.where(high, middle, b)
        ends = np.concatenate([a, b])
        nudge = ends.copy()
        column = rng.integers(0, base.shape[1], len(ends))
        rows = np.arange(len(ends))
        nudge[rows, column] = np.nextafter(ends[rows, column], np.where(rng.random(len(ends)) < 0.5, -np.inf, np.inf))
        away = ends + (base[rng.integers(0, len(base), len(ends))] - ends) * rng.choice(
            [1e-9, 1e-6, 1e-3], (len(ends), 1)
        )
        found += [ends, nudge, away]
    if not found:
        return base[:0]
    points = np.concatenate(found)
    return points[inside(call, points)]


def _signs(call: Call, kink: Trace, points: Floats) -> Floats:
    return np.asarray(np.sign(np.broadcast_to(values([kink], named(call.variables, points))[0], len(points))))


def inside(call: Call, points: Floats) -> NDArray[np.bool_]:
    """Whether each point is in the domain (a simplex point up to rounding of its sum)."""
    ok = np.isfinite(points).all(axis=1)
    for i, (_, domain) in enumerate(call.columns):
        x = points[:, i]
        if domain in ("simplex", "simplex+", "unit", "positive", "(0,1)"):
            ok &= (x > 0) if domain in ("simplex+", "positive", "(0,1)") else (x >= 0)
        if domain in ("simplex", "simplex+", "unit", "(0,1)", "[-1,1]"):
            ok &= x <= 1
        if domain in ("{0,1}", "{0,1}+"):
            ok &= (x == 0) | (x == 1)
        if domain == "count":
            ok &= x == np.floor(x)
    for x, (low, high) in zip(points[:, len(call.columns) :].T, call.ranges.values(), strict=True):
        ok &= (x >= float(low)) & (x <= float(high))
    return np.asarray(ok)


def interior(call: Call, points: Floats) -> NDArray[np.bool_]:
    """Whether no coordinate of a point is an end of its domain, where ``0 * log 0`` is read as its limit.

    A point of a simplex may leave it by the rounding of its sum, so none counts.
    """
    ok = np.ones(len(points), bool)
    for i, (_, domain) in enumerate(call.columns):
        x = points[:, i]
        if domain not in ("real", "positive"):
            ok &= (x != 0) & (np.abs(x) != 1) & (not domain.startswith("simplex"))
    return ok


def on_domain(call: Call, points: Floats) -> NDArray[np.bool_]:
    """Whether the doubles of a point lie on its domain exactly: those of a simplex may miss it by the last bit."""
    ok = np.ones(len(points), bool)
    groups: dict[str, list[int]] = {}
    for i, (name, domain) in enumerate(call.columns):
        if domain.startswith("simplex"):
            groups.setdefault(name.rstrip("0123456789"), []).append(i)
    for columns in groups.values():
        ok &= [sum(map(Fraction, row)) == 1 for row in points[:, columns].tolist()]
    return ok
