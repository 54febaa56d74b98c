"""The Lipschitz constant of a loss of scores: by one function of one variable, all gradients, cells, or infinite."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import points
from losscheck.expr.build import ONE, mul, scale, sub, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import by_score_parts
from losscheck.theorems.calibrated_comp_sum import matches, scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.theorems.slope_by_pieces import places, uppers
from losscheck.verdict import Outcome, supported

Array = NDArray[np.float64]
Along = Callable[..., list[Array]]
AFFINE = {"const", "float", "var", "add", "mul", "abs", "max", "min", "where", "lt", "le", "eq", "not", "and"}
LARGEST = 600
"""Nodes of a graph whose cells are looked at."""


def attempt(lifted: Lifted, norm: str) -> Outcome | None:
    """Enclose the Lipschitz constant, or support a numeric value, or None."""
    for way in (_hull, _cells, _comp_sum, _infinite):
        for proof in itertools.islice(way(lifted, norm), 12):
            found = prove(lifted, "lipschitz", proof, message="")
            if found:
                said = "infinite" if found.value == float("inf") else f"{found.value:.9g}"
                return found.with_(message=f"The Lipschitz constant in norm {norm} is {said}.")
    if lifted.kind == "logits" and (found := by_score_parts.lipschitz(lifted, norm)):
        return found
    seen = steepest(lifted, norm)
    if seen is None:
        return None
    return supported(
        f"The steepest slope found is {seen:.6g}.", value=seen, reason="no theorem applies",
        params={"norm": norm},
    )  # fmt: skip


def _hull(lifted: Lifted, norm: str) -> Iterator[dict[str, Any]]:
    """Difference quotients along the gradient, far out, where log-sum-exps and maxima are linear."""
    k = len(lifted.variables)
    signs = [s for s in itertools.product((0, 1, -1), repeat=min(k, 4)) if any(s)]
    far = np.array([[200.0 * (i + 1) * x for i, x in enumerate((*s, *[0] * (k - len(s))))] for s in signs])
    found = []
    for y, root in enumerate(chosen(lifted.roots, choices(lifted.roots)[0])):
        slopes = gradients(root, lifted.variables, far)
        size = np.nan_to_num(lengths(slopes, norm), nan=0, posinf=0)
        i = int(np.argmax(size))
        step = np.round(np.nan_to_num(slopes[i]) * 2**24) / 2**24 if norm == "l2" else np.sign(np.nan_to_num(slopes[i]))
        found.append((float(size[i]), y, far[i], far[i] + step))
    for _, y, a, b in sorted(found, key=lambda row: -row[0])[:2]:
        ends = {"a": [q(float(x)) for x in a], "b": [q(float(x)) for x in b]}
        yield {"rule": "lipschitz_by_hull", "norm": norm, "label": y, **ends}


def _cells(lifted: Lifted, norm: str) -> Iterator[dict[str, Any]]:
    """Slopes cell by cell, for losses that compare and add scores."""
    nodes = topological(lifted.roots)
    if len(nodes) <= LARGEST and {n.op for n in nodes} <= AFFINE:
        yield {"rule": "lipschitz_by_cells", "norm": norm}


def _comp_sum(lifted: Lifted, norm: str) -> Iterator[dict[str, Any]]:
    """Through ``phi(softmax(alpha z)_y)``."""
    choice = choices(lifted.roots)[0]
    s = var("s", "unit")
    for alpha in scales(chosen(lifted.roots, choice)):
        root = chosen(lifted.roots, choice)[0]
        phi = read(on_curve(lifted.variables, 0, alpha), root, ["s"])
        if phi is None or not matches(root, lifted.variables, alpha, [phi]):
            continue
        hints = breakpoints(phi, "s", "unit")
        head = {
            "rule": "lipschitz_comp_sum", "norm": norm, "alpha": q(alpha), "phi": graph_json([phi]), "breaks": hints,
        }  # fmt: skip
        h = scale(alpha, mul(derivative(phi, "s"), s, sub(ONE, s)))
        found = list(places(h, "s", "unit", hints))
        if not found:
            continue
        largest = max(v for v, _ in found)
        ends = [p for v, p in found if "end" in p and v > 1e3]
        for place in [*ends, *({"index": i, "cut": True} for i in range(len(hints)))]:
            yield {**head, "upper": None, "where": place}
        top = sorted((p for v, p in found if v >= largest - 1e-7 * max(1.0, largest)), key=lambda p: "point" in p)
        for upper in uppers(largest):
            for place in top[:3]:
                yield {**head, "upper": q(upper), "where": place}


def _infinite(lifted: Lifted, norm: str | None) -> Iterator[dict[str, Any]]:
    """Along the axes, both ways."""
    k = len(lifted.variables)
    for y, i, sign in itertools.product(range(min(2, len(lifted.roots))), range(min(k, 2)), (1, -1)):
        path = [["0", q(sign if j == i else 0)] for j in range(k)]
        yield {"rule": "lipschitz_infinite", "norm": norm, "label": y, "path": path, "reach": "10"}


def infinite(lifted: Lifted, norm: str | None) -> Outcome | None:
    """A slope (of norm None the slope of the gradient) that grows without bound along an axis, or None."""
    name, what = ("lipschitz", "slope") if norm else ("smoothness", "second derivative")
    found = (prove(lifted, name, proof, message=f"The {what} is unbounded.") for proof in _infinite(lifted, norm))
    return next(filter(None, found), None)


def gradients(root: Expr, names: tuple[str, ...], rows: Array) -> Array:
    """Gradients at points, one row per point."""
    sample = dict(zip(names, rows.T, strict=True))
    return np.stack(evaluate([derivative(root, x) for x in names], sample), axis=1)


def lengths(slopes: Array, norm: str) -> Array:
    """Dual norms of gradients: 2-norms for "l2", 1-norms for "linf"."""
    with np.errstate(all="ignore"):
        return np.asarray(np.sqrt((slopes**2).sum(axis=1)) if norm == "l2" else np.abs(slopes).sum(axis=1))


def steepest(lifted: Lifted, norm: str) -> float | None:
    """The largest difference quotient found along gradients, refined from the best points; None when it looks endless.

    Quotients of two steps that agree, not derivatives: at ties a symbolic derivative may be no gradient at all. A much
    shorter step must not find a steeper place, as it does where a root begins.
    """
    from scipy.optimize import minimize

    names = lifted.variables
    rows, tops = np.stack(list(points(lifted, 400).values()), axis=1), [0.0, 0.0]
    rows = rows[np.abs(rows).max(axis=1) <= 200]
    for root in chosen(lifted.roots, choices(lifted.roots)[0]):
        if _jumps(root, names, rows):
            return None
        slopes = [derivative(root, x) for x in names]

        def along(z: Array, steps: tuple[float, ...], root: Expr = root, slopes: list[Expr] = slopes) -> list[Array]:
            g = np.stack(evaluate(slopes, dict(zip(names, z.T, strict=True))), axis=1)
            d = np.nan_to_num(g / lengths(g, "l2")[:, None] if norm == "l2" else np.sign(g))
            inside = np.abs(z).max(axis=1) <= 200
            return [np.where(inside, np.abs(_rise(root, names, z, h * d)) / (2 * h), 0.0) for h in steps]

        def quotient(z: Array, along: Along = along) -> Array:
            wide, near = along(z, (1e-3, 1e-4))
            return np.where(np.abs(wide - near) <= 0.01 * near, near, 0.0)

        def short(z: Array, along: Along = along) -> Array:
            return np.nan_to_num(along(z, (1e-6,))[0], nan=0.0)

        with np.errstate(all="ignore"):
            for f, most in ((quotient, 200), (short, 60)):
                seen = f(rows)
                tops[f is short] = max(tops[f is short], float(seen.max()))
                for i in np.argsort(-seen)[: 2 if len(topological(slopes)) <= 1000 else 0]:
                    found = minimize(
                        lambda z, f=f: -float(f(z[None])[0]), _climbed(f, rows[i]), method="Nelder-Mead",
                        options={"maxiter": most},
                    )  # fmt: skip
                    tops[f is short] = max(tops[f is short], -float(found.fun))
    best, shortest = tops
    return best if best < 1e6 and shortest <= 1.001 * best + 1e-6 else None


def _climbed(f: Callable[[Array], Array], z: Array) -> Array:
    """Where steps along the axes, short and long, lead up from a point: a supremum may lie at infinity."""
    sizes = np.array([0.01, 0.1, 0.5, 2.0, 8.0, 30.0])
    steps = np.concatenate([s * np.eye(len(z)) for s in np.concatenate([sizes, -sizes])])
    best = float(f(z[None])[0])
    for _ in range(12):
        seen = f(z + steps)
        i = int(np.argmax(seen))
        if not seen[i] > best:
            break
        z, best = z + steps[i], float(seen[i])
    return z


def _jumps(root: Expr, names: tuple[str, ...], rows: Array) -> bool:
    """Whether a value changes by more than 1e-6 between points that are 1e-12 apart, on segments halved towards it."""
    a, b = rows, np.roll(rows, 1, axis=0)
    low, high = (evaluate([root], dict(zip(names, z.T, strict=True)))[0] for z in (a, b))
    with np.errstate(all="ignore"):
        for _ in range(50):
            middle = (a + b) / 2
            (value,) = evaluate([root], dict(zip(names, middle.T, strict=True)))
            left = np.abs(value - low) >= np.abs(high - value)
            a, b = np.where(left[:, None], a, middle), np.where(left[:, None], middle, b)
            low, high = np.where(left, low, value), np.where(left, value, high)
        apart = np.abs(high - low) > 1e-6 * (1 + np.abs(low)) + 1e4 * np.abs(b - a).max(axis=1)
    return bool((apart & np.isfinite(high - low)).any())


def _rise(root: Expr, names: tuple[str, ...], z: Array, step: Array) -> Array:
    ends = [evaluate([root], dict(zip(names, (z + k * step).T, strict=True)))[0] for k in (1, -1)]
    return ends[0] - ends[1]
