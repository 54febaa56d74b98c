"""A formula of T of piecewise linear losses of three to five classes (rule ``h_formula_polyhedral``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import comb
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.piecewise_linear import Vector, is_piecewise_linear
from losscheck.verifier.piecewise_risk import PiecewiseRisk
from losscheck.verifier.regret_cells import distribution
from losscheck.verifier.rules.h_formula_polyhedral import MOST, Row, dot, in_rest, sides, vertices

ZERO, ONE = Fraction(0), Fraction(1)
FINE, DEAREST = 4001, 60_000


@dataclass(frozen=True)
class Segment:
    """``c + m t`` for t between the ends of a segment of distributions, by one act that predicts class 1."""

    ends: tuple[Vector, Vector]
    act: int
    c: Fraction
    m: Fraction


class Polyhedral:
    """The search for one loss and one set of scores."""

    def __init__(self, risk: PiecewiseRisk, k: int) -> None:
        self.risk, self.k = risk, k
        self.scores = {v: z for z, v in reversed(risk.found)}
        self.wrong = {v: z for z, v in reversed(risk.found) if z[1] == max(z)}
        self.table = np.array([[float(x) for x in in_rest(v)] for v in self.risk.every])

    def least(self, x: Vector) -> Vector:
        """The losses of least risk at a distribution."""
        values = self.table @ np.array([1.0, *map(float, x)])
        near = [self.risk.every[i] for i in np.flatnonzero(values <= values.min() + 1e-9)]
        p = distribution(x[0], x[1:])
        return min(near, key=lambda v: (dot(v, p), v))

    def acts(self) -> dict[Vector, list[Vector]] | None:
        """Acts of least risk that together have it everywhere, each with the vertices of its part."""
        chosen = {self.least(x) for x in vertices(sides(self.k, ZERO, ONE))}
        while len(chosen) <= MOST:
            parts = {v: vertices([*sides(self.k, ZERO, ONE), *self.least_rows(v, chosen)]) for v in chosen}
            found = {self.least(x) for part in parts.values() for x in part} - chosen
            missing = {v for v in found if self.better(v, parts)}
            if not missing:
                return parts
            chosen |= missing
        return None

    def better(self, v: Vector, parts: dict[Vector, list[Vector]]) -> bool:
        """Whether v has a smaller risk than the acts somewhere among the vertices of their parts."""
        return any(
            dot(v, p) < dot(w, p) for w, part in parts.items() for x in part for p in [distribution(x[0], x[1:])]
        )

    def least_rows(self, v: Vector, chosen: set[Vector]) -> list[Row]:
        """Where v is least of the chosen."""
        return [tuple(y - x for x, y in zip(in_rest(v), in_rest(w), strict=True)) for w in sorted(chosen) if w != v]

    def segments(self, parts: dict[Vector, list[Vector]]) -> Iterator[Segment]:
        """The wrong acts' regrets on all segments between vertices of one part."""
        for v, part in parts.items():
            for ends in combinations(part, 2):
                x, y = sorted(ends)
                if x[0] == y[0]:
                    continue
                p, r = (distribution(z[0], z[1:]) for z in (x, y))
                for i, u in enumerate(self.risk.predicted):
                    low, high = dot(u, p) - dot(v, p), dot(u, r) - dot(v, r)
                    m = (high - low) / (y[0] - x[0])
                    yield Segment((x, y), i, low - m * x[0], m)

    def steps(self, a: Fraction, b: Fraction, chained: Sequence[Segment]) -> list[dict[str, Any]]:
        """What the certificate says of a piece from above."""
        made = []
        for s in chained:
            to = min(b, s.ends[1][0])
            act = self.wrong[self.risk.predicted[s.act]]
            made.append({"to": q(to), "predicted": [q(x) for x in act], "rests": [place(s, a), place(s, to)]})
            a = to
        return made


def envelope(segments: Sequence[Segment]) -> list[tuple[Fraction, Fraction, list[Segment]]]:
    """``(a, b, segments)`` of the pieces of the least regret: read off a fine grid, with exact ends."""
    lines: dict[tuple[Fraction, Fraction], list[Segment]] = {}
    for s in segments:
        lines.setdefault((s.c, s.m), []).append(s)
    grid = (np.arange(FINE) + np.sqrt(0.2)) / FINE  # not where lines meet
    best, at = np.full(len(grid), np.inf), np.full(len(grid), -1)
    for i, ((c, m), same) in enumerate(lines.items()):
        inside = np.zeros(len(grid), bool)
        for s in same:
            inside |= (grid >= float(s.ends[0][0])) & (grid <= float(s.ends[1][0]))
        values = np.where(inside, float(c) + float(m) * grid, np.inf)
        better = values < best - 1e-12
        best, at = np.where(better, values, best), np.where(better, i, at)
    known = list(lines)
    order = [known[i] for i in at[[0, *(np.flatnonzero(np.diff(at)) + 1).tolist()]]]
    cuts = [ZERO, *((d - c) / (m - n) if m != n else ZERO for (c, m), (d, n) in pairwise(order)), ONE]
    if not all(x < y for x, y in pairwise(cuts)):
        return []
    chains = [(x, y, chain(lines[line], x, y)) for (x, y), line in zip(pairwise(cuts), order, strict=True)]
    return [] if any(not each for _, _, each in chains) else chains


def chain(segments: Sequence[Segment], a: Fraction, b: Fraction) -> list[Segment]:
    """Segments of one line that cover [a, b], each going as far as possible; none where they do not."""
    found: list[Segment] = []
    while a < b:
        s = max((s for s in segments if s.ends[0][0] <= a), key=lambda s: s.ends[1][0], default=None)
        if s is None or s.ends[1][0] <= a:
            return []
        found.append(s)
        a = s.ends[1][0]
    return found


def place(segment: Segment, t: Fraction) -> list[str]:
    """The probabilities of the others at a regret on a segment."""
    x, y = segment.ends
    share = (t - x[0]) / (y[0] - x[0])
    return [q(a + share * (b - a)) for a, b in zip(x[1:], y[1:], strict=True)]


def written(c: Fraction, m: Fraction) -> str:
    """An affine function as text."""
    line = {ZERO: "", ONE: "t", -ONE: "-t"}.get(m, f"{m}*t")
    if not c or not line:
        return line or str(c)
    return f"{line} {'+' if c > 0 else '-'} {abs(c)}"


def proposals(lifted: Lifted, text: str) -> Iterator[dict[str, Any]]:
    """A proof worth trying, or none."""
    over, k = hypotheses(text), len(lifted.variables)
    if lifted.kind != "logits" or not 3 <= k <= 5 or over.least != over.most:
        return
    for choice in choices(lifted.roots):
        case = parsed(lifted, "proved", choice)
        if not is_piecewise_linear(case.roots):
            continue
        try:
            with verification():
                search = Polyhedral(PiecewiseRisk(case, over, over.least), k)
                parts = search.acts()
        except CertificateRejected:
            continue
        if parts is None or len(parts) * comb(len(parts) + k + 2, k - 1) > DEAREST:
            continue
        pieces = envelope(list(search.segments(parts)))
        if not pieces:
            continue
        texts = [written(each[0].c, each[0].m) for _, _, each in pieces]
        heads = [f"{f} if t <= {b}" for f, (_, b, _) in zip(texts, pieces[:-1], strict=False)]
        yield {
            "rule": "h_formula_polyhedral", "hypotheses": text, "formula": " else ".join([*heads, texts[-1]]),
            "acts": [[q(x) for x in search.scores[v]] for v in sorted(parts)],
            "pieces": [search.steps(*piece) for piece in pieces],
        }  # fmt: skip
