r"""A class index outside ``[0, K)`` is refused: the loss raises or gives NaN, never a plausible number.

Answers
-------
SUPPORTED
    The index K raised or gave NaN.
REFUTED
    The index K gave a number. Severity warning. Witness: the batch.
NOT_APPLICABLE
    No argument is a class index next to K scores.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="a class index that does not exist is refused")
def invalid_target_rejected(trial: Trial) -> Iterator[Outcome]:
    """Label one row with a class that does not exist.

    Negative indices count from the end in NumPy and torch indexing; they are not asked.
    """
    label = next((a for a in trial.signature.arguments if a.domain.startswith("index")), None)
    if label is None or not any(axis in "KC" for a in trial.signature.floats for axis in a.shape):
        yield not_applicable("no argument is a class index next to K scores")
        return
    x = trial.sample(0)
    y = np.array(x[label.name])
    y.reshape(-1)[:1] = trial.n_classes
    if label.ignored == trial.n_classes:
        yield not_applicable(f"the label {trial.n_classes} marks ignored rows")
        return
    x = {**x, label.name: y}
    value = trial.value_or_nan(x)
    if np.isfinite(value).all():
        yield refuted(
            f"the class {trial.n_classes} of {trial.n_classes} classes gives {show_array(value)}, given {show(x)}",
            witness=witness(x, trial.dtype, value=show_array(value)),
            severity=Severity.WARNING,
        )
    else:
        yield supported(f"the class {trial.n_classes} of {trial.n_classes} classes is refused")
