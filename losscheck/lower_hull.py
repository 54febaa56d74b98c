"""The lower convex hull of points in the plane."""

from __future__ import annotations

from collections.abc import Iterable


def lower_hull(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the largest convex function below the points, which come by their first coordinate.

    A point on the chord of its neighbours is no corner.

    >>> lower_hull([(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (3.0, 5.0)])
    [(0.0, 0.0), (2.0, 1.0), (3.0, 5.0)]
    """
    hull: list[tuple[float, float]] = []
    for x, y in points:
        while len(hull) > 1:
            (a, fa), (b, fb) = hull[-2:]
            if (fb - fa) * (x - a) < (y - fa) * (b - a):
                break
            hull.pop()
        hull.append((x, y))
    return hull
