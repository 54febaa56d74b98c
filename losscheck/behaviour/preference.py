"""Two scores of which one is to win: by a label -1 or 1, or by names that all libraries share."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import is_embedding
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

WINNERS = frozenset({"pos", "positive", "chosen", "preferred", "winner"})
LOSERS = frozenset({"neg", "negative", "rejected", "loser"})
DISTANCES = frozenset({"d", "dist", "distance", "distances"})
REFERENCES = frozenset({"ref", "reference"})
LEAD = 5.0


def wrong_winner(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that a lead of the score that is to win costs more than the same lead of the other, and where.

    With a label in {-1, 1} the first score is to win at 1, as in margin ranking losses. Evidence there: the loss
    depends on the difference of the scores, and exchanging the scores and the sign of the label leaves it. Without a
    label the names say who is to win; names of distances say the opposite and are not asked. Scores of a reference
    (``ref_chosen``) are what the others are measured against: their lead costs no less than the opposite.
    """
    found = _roles(trial)
    if found is None:
        return None
    winner, loser, label = found
    references = [a for a in trial.signature.arguments if REFERENCES & _words(a)]
    x = {**trial.sample(0), **{a.name: np.zeros_like(trial.sample(0)[a.name]) for a in references}}
    if label is not None:
        x = {**x, label.name: np.ones_like(x[label.name])}
        if not _compares(trial, trial.sample(1), winner, loser, label):
            return None
    zero: Array = np.zeros_like(x[winner.name])
    won = {**x, winner.name: zero + LEAD, loser.name: zero}
    lost = {**x, winner.name: zero, loser.name: zero + LEAD}
    gain = float(np.sum(trial.value_or_nan(lost))) - float(np.sum(trial.value_or_nan(won)))
    if not np.isfinite(gain) or gain >= -trial.tolerance:
        return _reference_as_score(trial, {**won, winner.name: zero}, references)
    where = f" at {label.name} = 1" if label is not None else ""
    fact = f"a lead of {LEAD:g} of {winner.name} over {loser.name}{where} costs {-gain:.6g} more than the opposite"
    return fact, won


def _reference_as_score(trial: Trial, x: Inputs, references: list[Argument]) -> tuple[str, Inputs] | None:
    won = next((a for a in references if _words(a) & WINNERS), None)
    lost = next((a for a in references if _words(a) & LOSERS), None)
    if won is None or lost is None:
        return None
    led, trailed = {**x, won.name: x[won.name] + LEAD}, {**x, lost.name: x[lost.name] + LEAD}
    gain = float(np.sum(trial.value_or_nan(trailed))) - float(np.sum(trial.value_or_nan(led)))
    if not np.isfinite(gain) or gain <= trial.tolerance:
        return None
    return f"a lead of {LEAD:g} of {won.name} over {lost.name} costs {gain:.6g} less than the opposite", led


def _words(argument: Argument) -> set[str]:
    return set(argument.name.lower().split("_"))


def opposites_agree(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that of two embeddings labelled 1, of 1 and -1, opposite ones cost less than equal ones, and where."""
    labels = [a for a in trial.signature.arguments if a.is_label]
    pair = [a for a in trial.signature.arguments if not a.is_label]
    if len(labels) != 1 or len(pair) != 2 or labels[0].domain != "{-1,1}" or pair[0].shape != pair[1].shape:
        return None
    if not all(is_embedding(a) and a.domain == "real" for a in pair) or labels[0].shape != pair[0].shape[:1]:
        return None
    x = trial.sample(0)
    x = {**x, labels[0].name: np.ones_like(x[labels[0].name])}
    first, second = pair
    equal, opposite = ({**x, second.name: sign * np.asarray(x[first.name])} for sign in (1.0, -1.0))
    near, far = (float(np.sum(trial.value_or_nan(y))) for y in (equal, opposite))
    if not np.isfinite([near, far]).all() or near <= far + trial.tolerance:
        return None
    fact = f"at {labels[0].name} = 1 equal {first.name} and {second.name} cost {near:.6g}, opposite ones only {far:.6g}"
    return fact, equal


def _roles(trial: Trial) -> tuple[Argument, Argument, Argument | None] | None:
    """Return the score that is to win, the other, and the label that says so (None: their names do)."""
    signature = trial.signature
    labels = [a for a in signature.arguments if a.is_label]
    scores = [a for a in signature.arguments if not a.is_label and not _words(a) & REFERENCES]
    references = [a for a in signature.arguments if _words(a) & REFERENCES]
    if any(a.domain != "real" or a.shape != scores[0].shape for a in references if scores):
        return None
    if len(scores) != 2 or scores[0].shape != scores[1].shape or scores[0].shape != (signature.batch,):
        return None
    if any(a.domain != "real" for a in scores):
        return None
    if not references and len(labels) == 1 and labels[0].domain == "{-1,1}" and labels[0].shape == scores[0].shape:
        return scores[0], scores[1], labels[0]
    told = [_words(a) for a in scores]
    if labels or any(said & DISTANCES for said in told):
        return None
    for i, j in ((0, 1), (1, 0)):
        if told[i] & WINNERS and told[j] & LOSERS:
            return scores[i], scores[j], None
    return None


def _compares(trial: Trial, x: Inputs, first: Argument, second: Argument, label: Argument) -> bool:
    """Whether only the difference matters, and exchanging scores and sign changes nothing."""
    value = trial.value_or_nan(x)
    shifted = {**x, first.name: x[first.name] + 0.7, second.name: x[second.name] + 0.7}
    exchanged = {**x, first.name: x[second.name], second.name: x[first.name], label.name: -x[label.name]}
    return all(close(trial.value_or_nan(y), value, trial.tolerance) for y in (shifted, exchanged))
