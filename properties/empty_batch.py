r"""Nothing to learn from is not NaN: the empty batch, the batch of ignored labels, the mask that hides everything.

Answers
-------
SUPPORTED
    The value is finite, or the loss refuses by raising.
REFUTED
    The value is NaN or infinite. Severity warning; a note where there is no row at all: the mean of nothing is NaN in
    torch and NumPy alike, and documented. Witness: the input.
NOT_APPLICABLE
    There is no batch axis and no mask.

Known exceptions
----------------
The mean of no row at all is NaN in torch and NumPy: a note. To raise is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

NO_ROW = "no row at all"


@behaviour(title="nothing to learn from is not NaN")
def empty_batch(trial: Trial) -> Iterator[Outcome]:
    """Call the loss on nothing, in each way the signature allows."""
    seen = []
    for name, x in _nothings(trial):
        try:
            value = trial.value(x)
        except Raised:
            seen.append(f"{name}: refused")
            continue
        if not np.isfinite(value).all():
            yield refuted(
                f"{show_array(value)} for {name}, given {show(x)}",
                witness=witness(x, trial.dtype, value=show_array(value)),
                severity=Severity.NOTE if name == NO_ROW else Severity.WARNING,
            )
            return
        seen.append(f"{name}: finite")
    yield supported("; ".join(seen)) if seen else not_applicable("the signature has no batch axis and no mask")


def _nothings(trial: Trial) -> Iterator[tuple[str, Inputs]]:
    x = trial.sample(0)
    for argument in trial.signature.arguments:
        value = x[argument.name]
        if argument.ignored is not None:
            yield "a batch of ignored labels", {**x, argument.name: np.full_like(value, argument.ignored)}
        if argument.domain == "mask":
            # Which of the two truth values hides an element is the loss's choice: try both.
            yield "a mask of zeros", {**x, argument.name: np.zeros_like(value)}
            yield "a mask of ones", {**x, argument.name: np.ones_like(value)}
        if argument.domain == "positive" and argument.name in ("w", "weight", "weights", "sample_weight"):
            yield "weights of zero", {**x, argument.name: np.zeros_like(value)}
    if trial.signature.batch is not None:
        yield NO_ROW, trial.rows(x, [])
