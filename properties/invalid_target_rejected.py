r"""A class index outside ``[0, K)`` is refused: the loss raises or gives NaN, never a plausible number.

Answers
-------
SUPPORTED
    The indices K and -1 raised or gave NaN.
REFUTED
    The index K gave a number: severity warning. Only the index -1 did: severity note, as in all of NumPy, which counts
    it from the end. Witness: the batch.
NOT_APPLICABLE
    No argument is a class index next to K scores.

Known exceptions
----------------
The index -1 counts from the end in all of NumPy: a note.
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
    """Label one row with a class that does not exist: one too many, then one before the first."""
    label = next((a for a in trial.signature.arguments if a.domain.startswith("index")), None)
    if label is None or not any(axis in "KC" for a in trial.signature.floats for axis in a.shape):
        yield not_applicable("no argument is a class index next to K scores")
        return
    x = trial.sample(0)
    asked = [k for k in (trial.n_classes, -1) if k != label.ignored]
    for k in asked:
        y = np.array(x[label.name])
        y.reshape(-1)[:1] = k
        wrong = {**x, label.name: y}
        value = trial.value_or_nan(wrong)
        if np.isfinite(value).all():
            yield refuted(
                f"the class {k} of {trial.n_classes} classes gives {show_array(value)}, given {show(wrong)}",
                witness=witness(wrong, trial.dtype, value=show_array(value)),
                severity=Severity.WARNING if k == trial.n_classes else Severity.NOTE,
            )
            return
    yield supported(f"of {trial.n_classes} classes {' and '.join(map(str, asked))} are refused")
