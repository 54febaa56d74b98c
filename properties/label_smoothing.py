r"""Label smoothing is a mixture with the uniform label.

.. math:: \ell(z, q; s) = (1 - s)\, \ell(z, q; 0) + s\, \ell(z, u; 0), \qquad u = (1/K, \dots, 1/K)

for a loss that is linear in the label distribution (evidence: it is at s = 0). With hard labels the last term is the
mean over the labels; with labels 0 and 1 the mean of both sides.

Answers
-------
SUPPORTED
    The keyword does that.
REFUTED
    It does something else. Severity warning: smoothing over the other classes only is another convention.
    Witness: the input.
NOT_APPLICABLE
    There is no keyword ``label_smoothing`` or ``smoothing``, or the loss is not linear in its labels.

Known exceptions
----------------
Smoothing over the other classes only is another convention: a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.keywords import SMOOTHING
from losscheck.behaviour.reduction import REDUCTIONS, close
from losscheck.behaviour.roles import is_weight, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

SMOOTH = 0.2


@behaviour(title="label smoothing mixes with the uniform label")
def label_smoothing(trial: Trial) -> Iterator[Outcome]:
    """Compare the smoothed loss with the mixture."""
    name = next((n for n in sorted(SMOOTHING) if n in trial.keywords), None)
    label = target(trial.signature)
    if name is None or label is None or any(is_weight(a, trial.signature) for a in trial.signature.arguments):
        yield not_applicable("there is no keyword label_smoothing next to a label without weights")
        return
    for seed in range(trial.budget):
        x = trial.sample(seed)
        try:
            smoothed = trial.value(x, params={name: SMOOTH})
            plain = trial.value(x, params={name: 0.0})
            uniform = _uniform(trial, x, label, name, plain)
        except Raised as error:
            yield not_applicable(f"{name} = {SMOOTH} or 0 is refused: {error}")
            return
        if uniform is None:
            yield not_applicable("the loss is not linear in its labels")
            return
        mixture = (1.0 - SMOOTH) * plain + SMOOTH * uniform
        if not close(smoothed, mixture, trial.tolerance):
            yield refuted(
                f"{name} = {SMOOTH} gives {np.sum(smoothed):.6g}, the mixture with the uniform label "
                f"{np.sum(mixture):.6g}, at {show(x)}",
                witness=witness(x, trial.dtype, value=float(np.sum(smoothed)), mixture=float(np.sum(mixture))),
                severity=Severity.WARNING,
            )
            return
    yield supported(f"{name} = {SMOOTH} is the mixture with the uniform label at {trial.budget} inputs")


def _uniform(trial: Trial, x: Inputs, label: Argument, name: str, plain: Array) -> Array | None:
    """Return the loss of the uniform label, None where linearity lacks evidence."""
    q = np.asarray(x[label.name])
    if label.domain in ("simplex", "simplex+"):
        even = np.full_like(q, 1.0 / q.shape[label.class_axis])
        uniform = trial.value({**x, label.name: even}, params={name: 0.0})
        half = trial.value({**x, label.name: (q + even) / 2.0}, params={name: 0.0})
        return uniform if close(half, (plain + uniform) / 2.0, trial.tolerance) else None
    if label.domain.startswith("index") and trial.reduction in REDUCTIONS:
        each = [trial.value({**x, label.name: np.full_like(q, k)}, params={name: 0.0}) for k in range(trial.n_classes)]
        return np.asarray(np.mean(each, axis=0))
    if label.domain == "{0,1}" and trial.reduction in REDUCTIONS and not any(axis in "KC" for axis in label.shape):
        sides = [trial.value({**x, label.name: np.full_like(q, side)}, params={name: 0.0}) for side in (0.0, 1.0)]
        return np.asarray(np.mean(sides, axis=0))
    return None
