"""Damped Newton descents of conditional risks, many distributions at once, in floats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, mul, var
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr

Array = NDArray[np.float64]
STEPS, HALVINGS, NOISE, FARTHEST = 60, 25, 1e-15, 4.0


class RiskDescent:
    """The risks ``sum p_y l_y(z)`` of one loss, with their first and second derivatives."""

    def __init__(self, roots: Sequence[Expr], names: Sequence[str]) -> None:
        self.roots, self.names, self.k = list(roots), list(names), len(names)
        risk = add(*(mul(var(f"w{i}"), root) for i, root in enumerate(roots)))
        self.slopes = [derivative(risk, x) for x in names]
        self.pairs = list(combinations_with_replacement(range(self.k), 2))
        self.bends = [derivative(self.slopes[i], self.names[j]) for i, j in self.pairs]

    def losses(self, z: Array) -> Array:
        """The losses of all classes at the rows of z."""
        return columns(evaluate(self.roots, {x: z[:, i] for i, x in enumerate(self.names)}), len(z))

    def risks(self, p: Array, z: Array) -> Array:
        """Risks, infinite where they are no numbers."""
        with np.errstate(all="ignore"):
            value = np.where(p > 0, p * self.losses(z), 0).sum(axis=1)
        return np.where(np.isfinite(value), value, np.inf)

    def derivatives(self, p: Array, z: Array) -> tuple[Array, Array]:
        """Slopes and second derivatives of the risks."""
        at = {x: z[:, i] for i, x in enumerate(self.names)} | {f"w{i}": p[:, i] for i in range(self.k)}
        found = columns(evaluate(self.slopes + self.bends, at), len(z))
        bend = np.empty((len(z), self.k, self.k))
        for n, (i, j) in enumerate(self.pairs):
            bend[:, i, j] = bend[:, j, i] = found[:, self.k + n]
        return found[:, : self.k], bend

    def newton(self, p: Array, x: Array, basis: Array, top: float) -> tuple[Array, Array]:
        """Slopes and damped steps in the coordinates of a basis; both are 0 where a slope presses against a cap."""
        with np.errstate(all="ignore"):
            slope, bend = self.derivatives(p, x @ basis.T)
            slope, bend = np.nan_to_num(slope @ basis), np.nan_to_num(basis.T @ bend @ basis)
        free = ~((x >= top) & (slope < 0) | (x <= -top) & (slope > 0))
        slope = np.where(free, slope, 0)
        bend = np.where(free[:, :, None] & free[:, None, :], bend, 0) + 1e-10 * np.eye(basis.shape[1])
        step = -np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        return slope, step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True) / FARTHEST, 1)

    def descend(self, p: Array, basis: Array, top: float) -> Array:
        """Scores of least risk in the span of a basis, coordinates in [-top, top]; finished rows rest."""
        x = np.zeros((len(p), basis.shape[1]))
        live = np.arange(len(p) if basis.shape[1] else 0)
        value = self.risks(p, x @ basis.T)
        for _ in range(STEPS):
            if not len(live):
                break
            slope, step = self.newton(p[live], x[live], basis, top)
            going = ~(-(slope * step).sum(axis=1) <= NOISE * (1 + np.abs(value[live])))
            live, step = live[going], step[going]
            todo, scale = np.arange(len(live)), 1.0
            for _ in range(HALVINGS):
                rows = live[todo]
                moved = np.clip(x[rows] + scale * step[todo], -top, top)
                after = self.risks(p[rows], moved @ basis.T)
                fine = after < value[rows]
                x[rows[fine]], value[rows[fine]] = moved[fine], after[fine]
                todo, scale = todo[~fine], scale / 2
                if not len(todo):
                    break
            live = np.delete(live, todo)  # no step lowers these
        return np.asarray(x @ basis.T)


def columns(found: Sequence[Array], n: int) -> Array:
    """Values as the columns of one array."""
    out = np.empty((n, len(found)))
    for i, value in enumerate(found):
        out[:, i] = value
    return out
