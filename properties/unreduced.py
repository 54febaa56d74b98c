r"""``reduction='none'`` reduces nothing: an element-wise loss keeps every element, not only every row.

A law that speaks from evidence. All arguments have one shape with two axes or more, ``none`` gives one number per row,
and along the last axis that number is a sum or a mean of what the elements cost: two elements changed at once change it
by what each changes it, and the axis twice gives twice the value, or the same.

Answers
-------
SUPPORTED
    Every element is kept, or what a row costs is no sum or mean of its elements.
REFUTED
    An axis was added up or averaged. Severity warning: a likelihood of independent features may be meant.
    Witness: the batch.
NOT_APPLICABLE
    There is no keyword ``reduction``, the arguments differ in shape, or their last axis runs over classes: what a row
    costs is then one number in most libraries.

Known exceptions
----------------
A likelihood of independent features may be meant: a warning. An axis of classes is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from losscheck.behaviour.parts import hidden_axis
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="reduction='none' reduces nothing")
def unreduced(trial: Trial) -> Iterator[Outcome]:
    """Change elements of the last axis one at a time and two at once, without a reduction."""
    shapes = {a.shape for a in trial.signature.arguments}
    last = next(iter(shapes))[-1:]
    if "reduction" not in trial.keywords or len(shapes) != 1 or len(next(iter(shapes))) < 2 or last in (("K",), ("C",)):
        yield not_applicable("there is no keyword reduction beside arguments of one shape whose last axis are features")
        return
    fact = hidden_axis(trial)
    if fact is None:
        yield supported("reduction='none' keeps every element, or no row is a sum or mean of its elements")
        return
    x = trial.sample(0)
    yield refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
