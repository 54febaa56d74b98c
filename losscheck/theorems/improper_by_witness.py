"""Improper losses are refuted by a truth and a report with a lower risk (rule ``proper_witness``).

Three searches in floats, cheapest first: all pairs of a grid of simple probabilities, faces and corners included (also
ties, for strictness); pairs a short step apart (a Bayes risk that is not concave); and steps of 1e-2 to 1e-11 down the
gradient of the risk at the truth (an improperness of 1e-9 shows only there). The verifier decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

Floats = NDArray[np.float64]
Point = tuple[Fraction, ...]
TRIES = 6


def classes(lifted: Lifted) -> int:
    """How many outcomes a report speaks of."""
    return 2 if lifted.kind == "probability" else int(lifted.n_classes or 2)


def at(lifted: Lifted, points: Floats) -> dict[str, Floats]:
    """Rows of class probabilities as values of the variables."""
    if lifted.kind == "probability":
        return {"p": points[:, 1]}
    return {name: points[:, i] for i, name in enumerate(lifted.variables)}


def losses(lifted: Lifted, roots: list[Expr], points: Floats) -> Floats:
    """``l_y(q)`` for every row q and root y; NaN where undefined."""
    return np.stack(evaluate(roots, at(lifted, points)), axis=1)


def expected(truth: Floats, loss: Floats) -> Floats:
    """``sum p_y l_y`` along the last axis, with 0 * inf = 0."""
    with np.errstate(invalid="ignore"):
        total: Floats = (truth * np.where(truth == 0, 0.0, loss)).sum(-1)
    return total


def grid(k: int) -> list[Point]:
    """Simple probabilities: multiples of 1/12 (1/6, 1/4 for more classes), corners, and tiny masses."""
    n = {2: 60, 3: 12, 4: 6}.get(k, 3 if k <= 6 else 1)
    found = {
        tuple(Fraction(c, n) for c in (*cs, n - sum(cs))) for cs in product(range(n + 1), repeat=k - 1) if sum(cs) <= n
    }
    for e in range(2, 17):
        tiny = Fraction(3, 10**e)  # off the powers of ten that code likes
        for i in range(k):
            for j in range(k):
                if i != j:
                    row = [Fraction(0)] * k
                    row[i], row[j] = 1 - tiny, tiny
                    found.add(tuple(row))
                    spread = [tiny if m != i else 1 - (k - 1) * tiny for m in range(k)]
                    found.add(tuple(spread))
    return sorted(found)


def rounded(row: Floats, digits: int) -> Point | None:
    """The row as rationals that sum to 1; None when a coordinate leaves [0, 1]."""
    head = [Fraction(round(float(x) * 10**digits), 10**digits) for x in row[:-1]]
    point = (*head, 1 - sum(head, Fraction(0)))
    return point if all(0 <= x <= 1 for x in point) else None


def grid_pairs(lifted: Lifted, strict: bool) -> Iterator[tuple[Point, Point]]:
    """Pairs of grid points where the report has the lower risk, or, for strictness, exactly the truth's."""
    points = grid(classes(lifted))
    x = np.array(points, float)
    loss = losses(lifted, list(lifted.roots), x)
    risk = expected(x[:, None, :], loss[None, :, :])
    own = np.diagonal(risk)
    with np.errstate(invalid="ignore"):
        gap = (risk - own[:, None]) / (1 + np.abs(own[:, None]))
    gap = np.where(np.isfinite(gap), gap, np.inf)
    np.fill_diagonal(gap, np.inf)
    report = gap.argmin(1)
    least = gap[np.arange(len(points)), report]
    for i in np.argsort(least, kind="stable")[:TRIES]:
        if least[i] < -1e-13:
            yield points[i], points[int(report[i])]
    if strict:
        far = np.abs(x[:, None, :] - x[None, :, :]).max(-1)
        ties = np.where((np.abs(gap) < 4e-16) & (far > 1e-18), far, 0.0)
        # one report per truth: a truth on a breakpoint ties with everything and proves nothing; the farthest, and the
        # nearest, which is on the same side of all breakpoints
        for report in (ties.argmax(1), np.where(ties > 0, -ties, -np.inf).argmax(1)):
            best = ties[np.arange(len(points)), report] * (0.1 + x.min(1))
            for i in np.argsort(-best, kind="stable")[: 2 * TRIES]:
                if best[i]:
                    yield points[i], points[int(report[i])]


def truths(k: int, count: int, rng: np.random.Generator) -> Floats:
    """Random interior probabilities: flat, peaked, and near the boundary."""
    rows = [rng.dirichlet([a] * k, count) for a in (1.0, 0.3, 5.0)]
    return np.clip(np.concatenate(rows), 1e-9, None)


def near_pairs(lifted: Lifted, rng: np.random.Generator) -> Iterator[tuple[Point, Point]]:
    """Reports a short step away from the truth with a lower risk."""
    k = classes(lifted)
    for step, digits in ((0.1, 4), (1e-2, 5), (1e-3, 6), (1e-4, 7)):
        p = truths(k, 3000, rng)
        p /= p.sum(1, keepdims=True)
        d = rng.normal(size=p.shape)
        d = (d - d.mean(1, keepdims=True)) * np.minimum(p, 0.1) * step * 10
        d -= d.mean(1, keepdims=True)
        report = p + d
        gap = expected(p, losses(lifted, list(lifted.roots), report)) - expected(
            p, losses(lifted, list(lifted.roots), p)
        )
        gap = np.where(np.isfinite(gap) & (report.min(1) > 0), gap, np.inf)
        for i in np.argsort(gap, kind="stable")[:3]:
            a, b = rounded(p[i], digits + 3), rounded(report[i], digits + 3)
            if gap[i] < -1e-15 and a and b:
                yield a, b


def gradient_pairs(lifted: Lifted, rng: np.random.Generator) -> Iterator[tuple[Point, Point]]:
    """Steps down the gradient of the risk at the truth, from large to tiny."""
    k = classes(lifted)
    p = truths(k, 400, rng)
    p /= p.sum(1, keepdims=True)
    slopes = [losses(lifted, [derivative(r, x) for r in lifted.roots], p) for x in lifted.variables]
    g = np.stack([(p * s).sum(1) for s in slopes], axis=1)
    if lifted.kind == "probability":
        g = np.concatenate([-g, g], axis=1)
    g -= g.mean(1, keepdims=True)
    size = np.abs(g).max(1)
    score = np.where(np.isfinite(size), size * p.min(1), 0.0)
    for i in np.argsort(-score, kind="stable")[:4]:
        truth = rounded(p[i], 6)
        if not size[i] > 0 or truth is None:
            continue
        down = [Fraction(round(-1000 * float(x / size[i])), 1000) for x in g[i, :-1]]
        down.append(-sum(down, Fraction(0)))
        for e in range(2, 12):
            yield truth, tuple(x + d * Fraction(1, 10**e) for x, d in zip(truth, down, strict=True))


def attempt(lifted: Lifted, strict: bool) -> Outcome | None:
    """Refute (strict) properness, or None."""
    rng = np.random.default_rng(0)
    for search in (grid_pairs(lifted, strict), near_pairs(lifted, rng), gradient_pairs(lifted, rng)):
        for truth, report in search:
            if truth != report and all(0 <= x <= 1 for x in (*truth, *report)):
                found = certify(lifted, strict, truth, report)
                if found:
                    return found
    return None


def certify(lifted: Lifted, strict: bool, truth: Point, report: Point) -> Outcome | None:
    """Ask the verifier about one pair."""
    shown = [list(map(text, x[1:] if lifted.kind == "probability" else x)) for x in (truth, report)]
    proof = {"rule": "proper_witness", "strict": strict, "p": shown[0], "q": shown[1]}
    loss = losses(lifted, list(lifted.roots), np.array([truth, report], float))
    at_truth, at_report = expected(np.array(truth, float), loss)
    p, q = (f"({', '.join(row)})" for row in shown)
    message = (
        f"At the truth p = {p} the report q = {q} has the risk {at_report:.12g}, the truth itself {at_truth:.12g}."
    )
    witness = {"p": shown[0], "q": shown[1]}
    name = "strictly_proper" if strict else "proper"
    return refute(lifted, name, proof, message=message, witness=witness)
