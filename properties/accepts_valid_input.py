r"""Every input of the signature's domain is accepted: the loss returns a number and does not raise, hang or exit.

Asked of ordinary inputs and of every directed one (saturated scores, exact zeros and ones, corners of the simplex,
ties, equal arguments, the extra values the signature allows), in the widest format the loss takes. Labels in {0, 1}
are tried as floats, then as integers; masks as booleans, then as floats; a declared dtype is taken at its word.

Answers
-------
SUPPORTED
    That many calls returned numbers.
REFUTED
    The loss raised, ended its process, or did not return. Witness: the input. Severity error.

Known exceptions
----------------
None: what a loss rightly refuses is outside its domain, and a narrower one can be declared (``(0,1)``, ``simplex+``, a
dtype of the labels).
"""

from __future__ import annotations

from collections.abc import Iterator

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.trial import Trial
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, refuted, supported


@behaviour(title="accepts every input of its domain")
def accepts_valid_input(trial: Trial) -> Iterator[Outcome]:
    """Call the loss on ordinary and directed inputs."""
    if trial.refused is not None:
        yield _refutation(trial.refused, "an input of the declared dtype")
        return
    calls = 0
    for seed in range(2 * trial.budget):
        try:
            trial.value(trial.sample(seed))
        except Raised as error:
            yield _refutation(error, "an ordinary input")
            return
        calls += 1
    for hazard in trial.hazards():
        try:
            trial.value(hazard.inputs)
        except Raised as error:
            yield _refutation(error, f"the input {hazard.name}")
            return
        calls += 1
    yield supported(f"{calls} inputs of the domain were accepted, in {trial.dtype}")


def _refutation(error: Raised, where: str) -> Outcome:
    return refuted(
        f"the loss raises on {where}: {error}",
        witness=error.witness,
        reason="raises",
        severity=Severity.ERROR,
        location=error.location,
    )
