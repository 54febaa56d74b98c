r"""A right prediction costs no more than the same one wrong, and raising the score of the true class pays off.

A law that speaks from evidence. Along the line where only the score s of the true class moves: ``l(s) <= l(-s)`` for s
> 0; and where the loss falls on at least 70 % of the line, it does not rise on the rest, unless it smooths its labels
(by a keyword, or by the evidence of `losscheck.behaviour.smoothing`). Of two scores of which one is to win (the first
at a label 1 of -1 and 1, or ``pos`` and ``neg`` by name), its lead costs no more than that of the other, and the lead
of a reference (``ref_chosen``) no less; two embeddings labelled 1, of 1 and -1, cost no more where they are equal than
where they are opposite, nor two whose rows interact where their rows are paired rightly; of two classes that labels in
{0, 1} name at once, both are heard. Embeddings whose classes lie apart cost less than mixed ones, and, where a collapse
of all costs more, than with two classes at one place. Of distances (by name) to what is right and wrong: near the right
one costs no more. Beside an argument named as an advantage: actions of positive advantage become more likely, clipping
never lowers the loss, and where every advantage is 0 neither certainty nor leaving a reference is a gain. Scores called
real and fake are told apart.

Answers
-------
SUPPORTED
    Both hold on that many points.
REFUTED
    One fails. Severity warning. Witness: the input.
NOT_APPLICABLE
    The signature has no score with a true side.

Known exceptions
----------------
Losses that grow again beyond a margin (squares) fall on less than 70 % of the line and are not asked to fall on the
rest, nor are smoothed labels, nor losses of which only the size of all scores costs (a z-loss). An estimate of mutual
information that is to become small pairs rows the wrong way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from losscheck.behaviour.advantages import policy_misled
from losscheck.behaviour.clusters import classes_confused
from losscheck.behaviour.critics import not_told_apart
from losscheck.behaviour.distances import farther_pays
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.keywords import smooths_labels
from losscheck.behaviour.preference import opposites_agree, wrong_winner
from losscheck.behaviour.roles import is_embedding, prediction, target
from losscheck.behaviour.several import unheard_class
from losscheck.behaviour.smoothing import smooths_by_itself
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.views import pairs_repel
from losscheck.behaviour.witness import witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

MOSTLY = 0.3
"""A loss that rises on more of the line than this grows there on purpose (a squared margin)."""

Line = tuple[Array, Callable[[float], Inputs]]


@behaviour(title="a right prediction costs no more than a wrong one")
def right_side(trial: Trial) -> Iterator[Outcome]:
    """Move the score of the true class along a line."""
    pairs = (wrong_winner, opposites_agree, pairs_repel, not_told_apart)
    for law in (*pairs, classes_confused, farther_pays, unheard_class, policy_misled):
        lost = law(trial)
        if lost is not None:
            yield _refute(trial, *lost)
            return
    points = 0
    for seed in range(trial.budget):
        line = _line(trial, trial.sample(seed))
        if line is None:
            yield not_applicable("the signature has no score with a true side")
            return
        grid, at = line
        costs = np.array([np.sum(trial.value_or_nan(at(s))) for s in grid])
        if not np.isfinite(costs[[0, -1]]).all():  # a certain mistake may cost infinitely much
            grid, costs = grid[1:-1], costs[1:-1]
        if not np.isfinite(costs).all():
            yield undecided("the loss is not finite along the line of scores")
            return
        outcome = _judge(trial, grid, costs, at)
        if outcome is not None:
            yield outcome
            return
        points += len(grid)
    yield supported(f"right scores cost no more than wrong ones, at {points} points")


def _line(trial: Trial, x: Inputs) -> Line | None:
    """Return a symmetric grid of scores, and the input in which the true class has the score s."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or trial.caller.returns_tuple:
        return None
    if is_embedding(p, trial.n_classes if t.domain.startswith("index") else None):
        return None
    v, y = np.asarray(x[p.name]), np.asarray(x[t.name])
    if t.domain.startswith("index") and p.domain in ("real", "[-1,1]") and v.ndim == 2 and y.ndim == 1:
        true = np.eye(v.shape[-1])[y] > 0
        rest = 0.5 * v if p.domain == "[-1,1]" else np.zeros_like(v)
        grid = np.linspace(-0.9999, 0.9999, 61) if p.domain == "[-1,1]" else np.linspace(-8.0, 8.0, 49)
        return grid, lambda s: {**x, p.name: np.where(true, s, rest)}
    if y.shape != v.shape:
        return None
    if t.domain in ("{0,1}", "{-1,1}") and p.domain == "real":
        sign = np.where(y > 0.5, 1.0, -1.0)
        return np.linspace(-8.0, 8.0, 49), lambda s: {**x, p.name: s * sign}
    if t.domain == "{0,1}" and p.domain == "unit":
        return np.array([0.0, *np.linspace(0.01, 0.99, 41), 1.0]), lambda s: {
            **x,
            p.name: np.where(y > 0.5, s, 1.0 - s),
        }
    return None


def _judge(trial: Trial, grid: Array, costs: Array, at: Callable[[float], Inputs]) -> Outcome | None:
    room = trial.tolerance * max(1.0, float(np.max(np.abs(costs))))
    half = len(grid) // 2
    gain = costs[:half][::-1] - costs[-half:]
    if (gain < -room).any():
        k = int(np.argmin(gain))
        right, wrong = grid[-half:][k], grid[:half][::-1][k]
        fact = f"the score {right:.3g} for the true class costs {costs[-half:][k]:.6g}"
        return _refute(trial, f"{fact}, the score {wrong:.3g} only {costs[:half][::-1][k]:.6g}", at(right))
    rises = np.diff(costs) > room
    if rises.any() and rises.mean() <= MOSTLY and not _smoothed(trial) and not _of_their_size(trial, grid, at, room):
        k = int(np.argmax(np.diff(costs)))
        fact = f"raising the score of the true class from {grid[k]:.4g} to {grid[k + 1]:.4g} raises the loss"
        return _refute(trial, f"{fact} from {costs[k]:.6g} to {costs[k + 1]:.6g}", at(grid[k + 1]))
    return None


def _of_their_size(trial: Trial, grid: Array, at: Callable[[float], Inputs], room: float) -> bool:
    """Whether the loss no longer rises once a constant is taken off each row of scores: their size was what cost.

    The constant is their log-sum-exp, which a penalty on it (a z-loss) wants to be 0.
    """
    p = prediction(trial.signature)
    if p is None or p.domain != "real" or len(p.shape) != 2:
        return False

    def cost(s: float) -> float:
        x = at(s)
        v = np.asarray(x[p.name])
        shifted = v - np.logaddexp.reduce(v, axis=1, keepdims=True)
        return float(np.sum(trial.value_or_nan({**x, p.name: shifted})))

    costs = np.array([cost(s) for s in grid])
    return bool(np.isfinite(costs).all() and (np.diff(costs) <= room).all())


def _smoothed(trial: Trial) -> bool:
    """Whether too certain a prediction costs on purpose: a keyword, or a constant inside, smooths the labels."""
    return smooths_labels(trial.keywords) or smooths_by_itself(trial)


def _refute(trial: Trial, fact: str, x: Inputs) -> Outcome:
    return refuted(fact, witness=witness(x, trial.dtype), severity=Severity.WARNING)
