"""Points of losses with a signature of their own to look for witnesses at, and what the invariances make of them.

Every coordinate is a short dyadic rational, so the float point is exact in a certificate.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.engines.points import Array
from losscheck.lifting.lifted import Lifted
from losscheck.verifier.rows import Rows, read_rows

SCALES = (1.0, 0.25, 4.0, 30.0, 2.0**-8, 2.0**-30, 2.0**-46)
"""The last are below the guards of norms, 1e-8 and 1e-12."""
EDGES = {"unit": (0.0, 1.0, 0.5), "[-1,1]": (-1.0, 1.0, 0.0)}


def rows_of(lifted: Lifted) -> Rows:
    """The arguments of a lifted loss, as the verifier reads them."""
    return read_rows([list(row) for row in lifted.arguments], lifted.labels)


def row_points(lifted: Lifted, count: int = 60, seed: int = 0) -> dict[str, Array]:
    """Points ``{variable: values}`` inside the domain: of several sizes, with equal, opposite and zero vectors."""
    rng, rows = np.random.default_rng(seed), rows_of(lifted)
    found: dict[str, list[Array]] = {x: [] for x in lifted.variables}
    sizes = np.repeat(SCALES, count)
    kinds = np.tile(np.arange(count) % 4, len(SCALES))
    for a in rows.floats:
        for x in rows.entries(a):
            raw = rng.normal(size=len(sizes))
            if a.domain == "real":
                values = np.where(kinds == 3, rng.integers(-2, 3, len(sizes)), np.round(raw * 1024) / 1024) * sizes
            elif a.domain == "positive":
                values = np.ldexp(np.round(np.exp(raw) * 64 + 1), -6) * np.where(sizes > 1e-3, sizes, 1.0)
            else:
                inner = np.floor(rng.uniform(size=len(sizes)) * 4094 + 1) / 4096
                values = 2 * inner - 1 if a.domain == "[-1,1]" else inner
                if a.domain in EDGES:
                    values = np.where(kinds == 3, rng.choice(EDGES[a.domain], len(sizes)), values)
            found[x].append(values)
    points = {x: np.concatenate(v) for x, v in found.items()}
    if len({a.domain for a in rows.floats}) == 1:
        vectors = [v for v in rows.vectors() if len(v) == len(rows.vectors()[0])]
        for (first, second), kind in zip(itertools.islice(itertools.combinations(vectors, 2), 40), itertools.count()):
            some = np.flatnonzero(kinds == 1)[kind::40]  # two vectors alike
            for x, y in zip(first, second, strict=True):
                points[y][some] = points[x][some]
    return points


def moved_points(
    rows: Rows, under: str, points: dict[str, Array], by: Any
) -> tuple[dict[str, Array], list[int | None]]:
    """The points after a move, and the root that each root becomes."""
    same = list[int | None](range(len(rows.labels)))
    if under == "permutation":
        i, j = by
        names, roots = rows.swapped(i, j)
        return {a: points[b] for a, b in names.items()}, roots
    if under == "exchange":
        first, second = (rows.entries(a) for a in rows.floats)
        pairs = zip([*first, *second], [*second, *first], strict=True)
        return {a: points[b] for a, b in pairs}, same
    if under == "scale":
        return {x: float(Fraction(str(by))) * v for x, v in points.items()}, same
    step = [float(Fraction(c)) for c in by]
    return {x: points[x] + c for v in rows.vectors() for x, c in zip(v, step, strict=True)}, same
