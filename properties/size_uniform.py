r"""What is true at one number of classes is true at every one.

A law that speaks from evidence, asked of scores (N, K) with one index per row. Three facts are measured at 2, 3, 4, 5
and 8 classes: :math:`\sum_y e^{-\ell(z, y)} = 1` (a log loss); a constant added to all scores changes nothing; equal
scores cost every class the same. A fact that holds at two sizes and fails at others betrays padding, block sizes or
unrolled loops.

Answers
-------
SUPPORTED
    Each fact holds at all sizes, or at fewer than two.
REFUTED
    One holds at some sizes only. Severity warning. Witness: the scores of a size where it fails.
NOT_APPLICABLE
    The signature has no scores (N, K) with an index, or another number of classes is refused.

Known exceptions
----------------
Numbers of classes that are refused are left out; with fewer than two left nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

SIZES = (2, 3, 4, 5, 8)
FACTS = (
    "the class probabilities exp(-loss) add up to 1",
    "a constant added to all scores changes nothing",
    "equal scores cost every class the same",
)


@behaviour(title="what is true at one number of classes is true at every one")
def size_uniform(trial: Trial) -> Iterator[Outcome]:
    """Measure three facts at five numbers of classes."""
    p, t = prediction(trial.signature), target(trial.signature)
    batch = trial.signature.batch
    scores = p is not None and p.domain == "real" and p.shape in ((batch, "K"), (batch, "C"))
    if p is None or t is None or not scores or not t.domain.startswith("index") or t.shape != (batch,):
        yield not_applicable("the signature has no scores (N, K) with one index per row")
        return
    if len(trial.signature.arguments) != 2 or trial.caller.returns_tuple:
        yield not_applicable("other arguments may depend on the class")
        return
    seen: dict[int, tuple[bool, ...]] = {}
    for k in SIZES:
        try:
            seen[k] = _facts(trial, p.name, t.name, k)
        except Raised as error:
            yield not_applicable(f"{k} classes are refused: {error}")
            return
    for place, fact in enumerate(FACTS):
        holds, fails = [k for k in SIZES if seen[k][place]], [k for k in SIZES if not seen[k][place]]
        if len(holds) >= 2 and fails:
            x = _row(trial, fails[0])
            yield refuted(
                f"{fact} for {_list(holds)} classes, but not for {_list(fails)}, as at {show(x)}",
                witness=witness(x, trial.dtype, holds=holds, fails=fails),
                severity=Severity.WARNING,
            )
            return
    yield supported(f"three facts hold, or fail, at {_list(SIZES)} classes alike")


def _row(trial: Trial, k: int) -> dict[str, Array]:
    return trial.sample(11, **{str(trial.signature.batch): 1, "K": k, "C": k})


def _facts(trial: Trial, p: str, t: str, k: int) -> tuple[bool, ...]:
    x = _row(trial, k)

    def costs(scores: Array) -> Array:
        each: list[Inputs] = [{**x, p: scores, t: np.array([y])} for y in range(k)]
        return np.array([np.sum(trial.value(one)) for one in each])

    ordinary, even = costs(x[p]), costs(np.zeros_like(x[p]))
    return (
        bool(abs(np.exp(-ordinary).sum() - 1.0) < trial.tolerance),
        close(costs(x[p] + 1.0), ordinary, trial.tolerance),
        bool(np.ptp(even) < trial.tolerance),
    )


def _list(sizes: tuple[int, ...] | list[int]) -> str:
    return ", ".join(map(str, sizes))
