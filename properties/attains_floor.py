r"""A perfect score costs almost nothing: on unbounded scores the loss can be driven near 0.

A law that speaks from evidence. The scores move from 0 towards the truth, 60 for the true class (or side) and -60 for
the others; where a label may name several classes (evidence: scores matter though no class is there), towards all but
one. Where the value falls on the way and then stays at a constant above 2 % of where it began, something between the
score and the loss (a second softmax, a clip) keeps a perfect prediction from being told so; where it stays at a
constant below 0, a logarithm may be missing (a probability is not a log-likelihood), as where a loss is linear in
probabilities and certainty of the truth costs less than 0. Distributions beside indices: the
labels themselves cost more than a share of what even distributions cost, the same for every labelling with all classes
that are not ignored: a class is counted that cannot be right.

Answers
-------
SUPPORTED
    The value falls below 2 % of its start, or the scores have no plateau (unhinged losses, margins that grow again).
REFUTED
    It stays above, or below 0. Severity warning: a loss may have a constant or a cap on purpose. Witness: the input.
NOT_APPLICABLE
    The labels do not say which score is the true one, or are smoothed by a keyword.

Known exceptions
----------------
Constants, caps and clips that are meant. Losses without a plateau and labels smoothed by a keyword are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.certain import unreachable_class
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.keywords import smooths_labels
from losscheck.behaviour.linear_score import logarithm_missing
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import is_embedding, prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

FAR = 60.0
SHARE = 0.02


@behaviour(title="a perfect score costs almost nothing")
def attains_floor(trial: Trial) -> Iterator[Outcome]:
    """Drive the scores towards the truth."""
    p, t = prediction(trial.signature), target(trial.signature)
    x = trial.sample(0)
    for law in (unreachable_class, logarithm_missing):
        if (lost := law(trial)) is not None:
            yield refuted(lost[0], witness=witness(lost[1], trial.dtype), severity=Severity.WARNING)
            return
    found = None if p is None or t is None or trial.caller.returns_tuple else _perfect(p, t, x, trial.n_classes)
    if p is None or t is None or found is None or smooths_labels(trial.keywords):
        yield not_applicable("the labels do not say which score is the true one")
        return
    labels, best = found
    if t.domain in ("{0,1}", "{0,1}+") and np.ndim(labels) == 2 and _absent_matter(trial, x, p, t):
        labels, best = 1.0 - labels, -best
    costs = []
    for share in (0.0, 0.75, 1.0):
        value = trial.value_or_nan({**x, t.name: labels, p.name: share * best})
        costs.append(float(np.mean(value)))
    start, late, end = costs
    if not np.isfinite(costs).all():
        yield not_applicable("the loss is not finite at confident scores")
    elif start > end and abs(end) > SHARE * abs(start) + 1e-6 and abs(late - end) < 1e-6 * max(1.0, abs(end)):
        yield refuted(
            f"scores of {FAR:g} for the truth and -{FAR:g} against it cost {end:.6g}, not 0; scores of 0 cost "
            f"{start:.6g}",
            witness=witness({**x, t.name: labels, p.name: best}, trial.dtype, cost=end, cost_of_0=start),
            severity=Severity.WARNING,
        )
    else:
        yield supported(f"from scores of 0 to {FAR:g} for the truth the value goes from {start:.4g} to {end:.4g}")


def _absent_matter(trial: Trial, x: Inputs, p: Argument, t: Argument) -> bool:
    """Whether scores matter where no class is there: then each class is asked for itself, and several may be there."""
    none = {**x, t.name: np.zeros_like(x[t.name])}
    seen = [trial.value_or_nan({**none, p.name: s * np.ones_like(x[p.name])}) for s in (-1.0, 1.0)]
    seen.append(trial.value_or_nan({**none, p.name: trial.sample(1)[p.name]}))
    return bool(np.isfinite(np.concatenate([np.ravel(v) for v in seen])).all()) and not close(seen[1], seen[2], 1e-9)


def _perfect(p: Argument, t: Argument, x: Inputs, n_classes: int) -> tuple[Array, Array] | None:
    """Return labels and the scores that tell them, or None."""
    v, y = np.asarray(x[p.name]), np.asarray(x[t.name])
    if p.domain != "real" or is_embedding(p, n_classes if t.domain.startswith("index") else None):
        return None
    if t.domain.startswith("index") and v.ndim == 2 and y.ndim == 1:
        return y, FAR * (2.0 * np.eye(v.shape[1])[y] - 1.0)
    if y.shape != v.shape:
        return None
    if t.domain in ("{0,1}", "{0,1}+", "simplex") and v.ndim == 2:
        one = np.eye(v.shape[1])[np.arange(len(v)) % v.shape[1]]
        return one, FAR * (2.0 * one - 1.0)
    if t.domain in ("{0,1}", "{-1,1}"):
        return y, np.where(y > 0.5, FAR, -FAR)
    return None
