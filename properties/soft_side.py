r"""A soft label is best predicted on its own side, and the prediction does not fall as the label rises.

A law that speaks from evidence. Targets of a regression (real, positive, counts): the best prediction on a grid does
not fall as the target rises, where there is one best place. Labels in [0, 1]: for 0.9 the best prediction lies above
1/2 (score 0), for 0.1 below. Labels on the simplex, along the line where only the score of the first class moves: above
0 for a label with 0.9 on that class, below 0 for one with a tenth of the even share; and a label of 0.7 is not best
predicted with certainty. Labels on one side of 1/2 do not all cost the same whatever is predicted.

Answers
-------
SUPPORTED
    Both hold, on a grid.
REFUTED
    One fails: the loss has its best prediction elsewhere than its label. Severity warning (class weights up to 9 : 1
    pass; absolute errors of probabilities and other losses linear in them predict with certainty on purpose).
    Witness: the labels and the best predictions.
NOT_APPLICABLE
    There is no single soft label with a prediction beside it, or the loss does not depend on the prediction.

Known exceptions
----------------
Class weights up to 9 : 1 pass. Losses linear in a probability predict with certainty on purpose: warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.order import out_of_order
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

LOW, HIGH = (0.1, 0.3), (0.7, 0.9)


@behaviour(title="a soft label is best predicted on its own side")
def soft_side(trial: Trial) -> Iterator[Outcome]:
    """Find the best prediction for labels of either side."""
    ordered = out_of_order(trial)
    if isinstance(ordered, str):
        yield supported(ordered)
        return
    if ordered is not None:
        fact, best_at = ordered
        yield refuted(fact, witness=witness(trial.sample(0), trial.dtype, best=best_at), severity=Severity.WARNING)
        return
    p, t = prediction(trial.signature), target(trial.signature)
    fits = p is not None and t is not None and p.shape == t.shape and not trial.caller.returns_tuple
    if p is None or t is None or not fits or t.domain not in ("unit", "(0,1)", "simplex", "simplex+"):
        yield not_applicable("there is no single soft label with a prediction beside it")
        return
    if p.domain not in ("real", "unit", "(0,1)") or (t.domain.startswith("simplex") and p.domain != "real"):
        yield not_applicable(f"predictions of domain {p.domain} have no such sides")
        return
    grid = np.linspace(-8.0, 8.0, 161) if p.domain == "real" else np.linspace(0.005, 0.995, 199)
    best = {q: _best(trial, p, t, q, grid) for q in (*LOW, *HIGH)}
    places = [place for place in best.values() if place is not None]
    if len(places) != len(best):
        yield not_applicable("the loss is not finite on the line, or constant")
        return
    middle = 0.0 if p.domain == "real" else 0.5
    told = ", ".join(f"{q:g} by {place:.3g}" for q, place in best.items())
    step = grid[1] - grid[0]
    if places[-1] < middle or places[0] > middle or (np.diff(places) < -1.5 * step).any():
        yield refuted(
            f"labels are best predicted on the wrong side or in the wrong order: {told}",
            witness=witness(_at(trial, p, t, HIGH[1], places[-1]), trial.dtype, best={str(q): best[q] for q in best}),
            severity=Severity.WARNING,
        )
        return
    ends = (grid[0], grid[-1])
    if t.domain.startswith("simplex") and all(any(abs(s - end) < step / 2 for end in ends) for s in places):
        yield refuted(
            f"soft labels are best predicted with certainty, by the smallest or largest score tried: {told}",
            witness=witness(_at(trial, p, t, HIGH[0], places[-1]), trial.dtype, best={str(q): best[q] for q in best}),
            severity=Severity.WARNING,
        )
        return
    if not t.domain.startswith("simplex") and all(_alike(trial, p, t, pair, grid) for pair in (LOW, HIGH)):
        yield refuted(
            f"labels are rounded: {HIGH[0]:g} costs what {HIGH[1]:g} costs, and {LOW[0]:g} what {LOW[1]:g} does",
            witness=witness(_at(trial, p, t, HIGH[0], places[-1]), trial.dtype),
            severity=Severity.WARNING,
        )
        return
    yield supported(f"labels are best predicted on their side: {told}")


def _alike(trial: Trial, p: Argument, t: Argument, labels: tuple[float, float], grid: Array) -> bool:
    """Whether two labels cost the same, wherever the prediction is."""
    first, second = labels
    at = [(_at(trial, p, t, first, s), _at(trial, p, t, second, s)) for s in grid[::16]]
    return all(close(trial.value_or_nan(a), trial.value_or_nan(b), trial.tolerance) for a, b in at)


def _at(trial: Trial, p: Argument, t: Argument, q: float, s: float) -> dict[str, Array]:
    """Return one row with the label ``q`` and the prediction ``s``."""
    x = trial.sample(0, N=1, B=1, M=1) if len(p.shape) == 1 else trial.sample(0, N=1, B=1)
    label, guess = np.full_like(x[t.name], q), np.full_like(x[p.name], s)
    if t.domain.startswith("simplex"):
        axis = t.class_axis
        others = x[t.name].shape[axis] - 1
        first = np.arange(others + 1).reshape([-1 if i == axis else 1 for i in range(label.ndim)]) == 0
        # The first class leads for 0.7 and 0.9; for 0.1 and 0.3 it has that much of the even share.
        share = q if q > 0.5 else q / (others + 1)
        label = np.broadcast_to(np.where(first, share, (1.0 - share) / others), label.shape).copy()
        guess = np.broadcast_to(np.where(first, s, 0.0), guess.shape).copy()
    return {**x, t.name: label, p.name: guess}


def _best(trial: Trial, p: Argument, t: Argument, q: float, grid: Array) -> float | None:
    costs = np.array([np.sum(trial.value_or_nan(_at(trial, p, t, q, s))) for s in grid])
    if not np.isfinite(costs).all() or np.ptp(costs) < 1e-12:
        return None
    return float(grid[int(np.argmin(costs))])
