r"""A loss has a floor: one that falls without end is a score with the wrong sign, or lacks a hinge or a term.

A law that speaks from evidence. The real predictions are scaled by 1, 30 and 300, with both signs: the smallest value
falls without end while the largest never rises; or, along the ray of one prediction alone, the value falls without end
though it is not an affine function of it (critics and unhinged losses are).

Answers
-------
SUPPORTED
    The values do not do that (an unhinged loss goes both ways).
REFUTED
    They do. Severity warning: log-likelihoods and similarities to be maximised are no losses. Witness: the input with
    the smallest value.
NOT_APPLICABLE
    No prediction is a real number, or the loss is not finite there.

Known exceptions
----------------
Unhinged losses and critics, affine in their scores, go both ways and pass. Similarities to be maximised are warnings.
Arguments named as advantages are data and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.rays import bottomless, may_move
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

SCALES = (1.0, 30.0, 300.0)


@behaviour(title="has a floor")
def upside_down(trial: Trial) -> Iterator[Outcome]:
    """Scale the predictions and watch the range of the values."""
    reals = [a.name for a in trial.signature.floats if may_move(a)]
    if not reals or trial.caller.returns_tuple:
        yield not_applicable("no prediction is a real number")
        return
    low, high = [], []
    least: tuple[float, dict[str, Array]] | None = None
    for scale in SCALES:
        values = []
        for seed in range(6):
            x = trial.sample(seed)
            for sign in (1.0, -1.0):
                at = {**x, **{name: sign * scale * x[name] for name in reals}}
                value = float(np.mean(trial.value_or_nan(at)))
                values.append(value)
                if least is None or value < least[0]:
                    least = value, at
        low.append(min(values))
        high.append(max(values))
    falls_along = bottomless(trial)
    if falls_along is not None:
        fact, x = falls_along
        yield refuted(f"the loss has no floor: {fact}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
        return
    if least is None or not np.isfinite([*low, *high]).all():
        yield not_applicable("the loss is not finite at large predictions")
        return
    # The fall must be by far more than the spread of ordinary values, and must go on.
    falls = low[2] < low[1] - 10.0 and low[1] < low[0] - 1.0
    if falls and max(high[1:]) <= max(high[0], 0.0) + 1e-6:
        x = least[1]
        yield refuted(
            f"values fall to {low[2]:.4g} at predictions scaled by 300 and never rise above {max(high):.4g}, at "
            f"{show(x)}",
            witness=witness(x, trial.dtype, lowest=low, highest=high),
            severity=Severity.WARNING,
        )
        return
    yield supported(f"values lie between {min(low):.4g} and {max(high):.4g} for predictions scaled by up to 300")
