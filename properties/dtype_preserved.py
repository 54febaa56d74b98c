r"""The value has the dtype of the floats it was computed from: float32 in, float32 out; float64 in, float64 out.

Half formats may come back wider (sums are kept in float32 on purpose), never narrower.

Answers
-------
SUPPORTED
    Each format gave a value of its own dtype, or of a wider one from a half format.
REFUTED
    float64 comes back narrower, or float32 wider or narrower. Severity warning. Witness: the input.
NOT_APPLICABLE
    The loss returns a Python number.

Known exceptions
----------------
Half formats may come back wider. A Python number has no dtype.
"""

from __future__ import annotations

from collections.abc import Iterator

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import EPSILON, HALF
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="the value has the dtype of its inputs")
def dtype_preserved(trial: Trial) -> Iterator[Outcome]:
    """Call the loss in each format and look at the dtype that comes back."""
    seen = []
    for dtype in trial.dtypes:
        if not trial.supports(dtype):
            continue
        x = trial.rounded(trial.sample(0), dtype)
        try:
            out = trial.caller.run(trial.caller.arguments(x, dtype), x, dtype)
        except Raised:
            continue
        back = trial.caller.dtype_of(out)
        if back == "python":
            yield not_applicable("the loss returns a Python number")
            return
        if back != dtype and not (dtype in HALF and EPSILON.get(back, 1.0) < EPSILON[dtype]):
            yield refuted(
                f"{dtype} in, {back} out, given {show(x)}",
                witness=witness(x, dtype, returned=back),
                severity=Severity.WARNING,
            )
            return
        seen.append(f"{dtype} gives {back}")
    yield supported("; ".join(seen))
