"""The minimiser in floats of the noisy risk of linear scores in the plane: where a certificate starts to look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.binary_risk import side_hints, sides
from losscheck.engines.breakpoints import middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PlaneRisk:
    """Atoms ``x`` (n, 2) of labels 0 or 1 with their weights, under uniform noise of a rate."""

    lifted: Lifted
    x: Array
    weights: Array
    labels: Array
    rate: float
    ridge: float

    @cached_property
    def graphs(self) -> tuple[tuple[Expr, ...], ...]:
        """Both sides of the loss, their first and their second derivatives."""
        name = self.lifted.variables[0]
        both = tuple(chosen(sides(self.lifted), choices(self.lifted.roots)[0]))
        slopes = tuple(derivative(r, name) for r in both)
        return both, slopes, tuple(derivative(r, name) for r in slopes)

    def _parts(self, w: Array, order: int) -> Array:
        """The risk's summands (or their derivatives in the score) at rows of w."""
        scores = w @ self.x.T
        found = evaluate(list(self.graphs[order]), {self.lifted.variables[0]: scores})
        one, zero = (np.broadcast_to(v, scores.shape) for v in found)
        kept, flipped = np.where(self.labels == 1, one, zero), np.where(self.labels == 1, zero, one)
        return np.asarray(self.weights * ((1 - self.rate) * kept + self.rate * flipped))

    def value(self, w: Array) -> Array:
        """The risk at rows of w."""
        return np.asarray(self._parts(w, 0).sum(axis=-1) + self.ridge / 2 * (w * w).sum(axis=-1))

    def newton(self, w: Array, steps: int = 20) -> Array:
        """Newton's steps for a stationary point, as long as the risk does not rise."""
        for _ in range(steps):
            slope = self._parts(w[None], 1)[0] @ self.x + self.ridge * w
            bend = (self.x.T * self._parts(w[None], 2)[0]) @ self.x + self.ridge * np.eye(2)
            if not np.isfinite(bend).all() or np.linalg.cond(bend) > 1e14:
                return w
            moved = w - np.linalg.solve(bend, slope)
            before, after = self.value(np.array([w, moved]))
            if not after <= before + 1e-14 * max(1.0, abs(before)):
                return w
            w = moved
        return w

    def newton_on_line(self, foot: Array, along: Array, s: float, steps: int = 8) -> float:
        """The same along a line, where floats of the risk itself are too coarse: slopes decide."""
        reach = self.x @ along
        for _ in range(steps):
            w = foot + s * along
            slope = self._parts(w[None], 1)[0] @ reach + self.ridge * (w @ along)
            bend = self._parts(w[None], 2)[0] @ reach**2 + self.ridge * (along @ along)
            if not (np.isfinite(slope) and bend > 0) or abs(slope / bend) > 1e-3 * max(1.0, abs(s)):
                return s
            s = float(s - slope / bend)
        return s

    @cached_property
    def kinks(self) -> list[float]:
        """Scores at which a side of the loss may switch."""
        return [middle(h) for h in side_hints(sides(self.lifted), self.lifted.variables[0])]

    def corners(self, w: Array) -> list[Array]:
        """Points near w where the scores of two atoms lie at kinks."""
        lines = []
        for x in np.unique(np.concatenate([self.x, -self.x]), axis=0):
            for b in self.kinks:
                if abs(w @ x - b) < 1e-3 * max(1.0, abs(b)):
                    lines.append((x, b))
        found = []
        for (x, b), (y, c) in combinations(lines, 2):
            system = np.array([x, y])
            if abs(np.linalg.det(system)) > 1e-9:
                found.append(np.linalg.solve(system, np.array([b, c])))
        return found


def minimiser(risk: PlaneRisk, scale: Array) -> Array:
    """A minimiser, searched in coordinates divided by ``scale``."""
    from scipy.optimize import minimize

    def on_scale(u: Array) -> float:
        return float(risk.value((u * scale)[None])[0])

    grid = np.stack(np.meshgrid(np.linspace(-1, 4, 21), np.linspace(-1, 4, 21)), axis=-1).reshape(-1, 2)
    start = grid[int(np.nanargmin(risk.value(grid * scale)))]
    options = {"xatol": 1e-7, "fatol": 1e-13, "maxiter": 400}
    best = minimize(on_scale, start, method="Nelder-Mead", options=options).x * scale
    tries = [risk.newton(best), *risk.corners(best), best]
    values = risk.value(np.array(tries))
    polished = np.arange(len(tries)) < len(tries) - 1  # equal risks: a polished point is nearer
    return np.asarray(tries[int(np.nanargmin(values - 1e-13 * polished))])


def lowest_on_line(risk: PlaneRisk, foot: Array, along: Array) -> float:
    """The s at which ``foot + s along`` has the least risk; a large one where it only falls."""
    from scipy.optimize import minimize_scalar

    def at(s: float) -> float:
        return float(risk.value((foot + s * along)[None])[0])

    size = 1 / max(float(np.max(np.abs(risk.x @ along))), 1e-9)
    grid = np.concatenate([-np.geomspace(1e3, 1e-3, 40), [0.0], np.geomspace(1e-3, 1e3, 40)]) * size
    values = risk.value(foot + grid[:, None] * along)
    i = int(np.nanargmin(values))
    if i in (0, len(grid) - 1):
        return float(grid[i])
    found = minimize_scalar(at, bounds=(grid[i - 1], grid[i + 1]), method="bounded", options={"xatol": 1e-12 * size})
    reach = risk.x @ along
    signed = np.array([*risk.kinks, *(-b for b in risk.kinks)])
    corners = [((b - risk.x @ foot) / np.where(reach == 0, np.nan, reach)) for b in signed]
    tries = np.array([risk.newton_on_line(foot, along, float(found.x)), *np.ravel(corners), float(found.x)])
    tries = tries[np.isfinite(tries)]
    values = risk.value(foot + tries[:, None] * along)
    return float(tries[int(np.argmax(values <= values.min() + 1e-15 * max(1.0, abs(values.min()))))])
