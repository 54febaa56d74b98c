"""Ask theory properties of a lifted loss, and let the independent verifier have the last word on each answer."""

from __future__ import annotations

import json
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.chaining import conclude, decided
from losscheck.plain import plain
from losscheck.property import Property, properties
from losscheck.verdict import Outcome, Verdict, not_applicable, undecided, unsupported

KEPT = 256
"""Lifts and answers kept per worker: an audit asks one property at a time of the same few losses."""


@dataclass(frozen=True)
class Reading:
    """A lifted loss, or why it could not be lifted."""

    lifted: Any
    why_not: str | None = None
    location: str | None = None
    defect: str | None = None

    @property
    def digest(self) -> str | None:
        """The digest of the lifted graph."""
        return None if self.lifted is None else str(self.lifted.digest)


_READINGS: OrderedDict[str, Reading] = OrderedDict()
_ANSWERS: OrderedDict[str, Outcome] = OrderedDict()


def read(job: dict[str, Any], function: Callable[..., Any], params: dict[str, Any], n_classes: int | None) -> Reading:
    """Lift the loss of ``job``; a loss lifted before in this process is not lifted again."""
    key = json.dumps([job["digest"], job["kind"], job["signature"], n_classes])
    if key in _READINGS:
        _READINGS.move_to_end(key)
        return _READINGS[key]
    reading = _lift(job, function, params, n_classes)
    if job["digest"] is not None:
        _keep(_READINGS, key, reading)
    return reading


def _lift(job: dict[str, Any], function: Callable[..., Any], params: dict[str, Any], n_classes: int | None) -> Reading:
    if job["kind"] is None:
        return Reading(None, "no kind was given, so the arguments have no meaning to prove anything about")
    from losscheck.lifting.lifting import lift
    from losscheck.lifting.unsupported import Unsupported

    try:
        lifted = lift(function, kind=job["kind"], n_classes=n_classes, params=params, signature=job["signature"])
    except Unsupported as error:
        return Reading(None, error.message, error.location)
    except (MemoryError, RecursionError) as error:
        return Reading(None, f"reading it ended with {type(error).__name__}")
    except Exception:
        return Reading(None, defect=traceback.format_exc())
    return Reading(lifted)


def ask(reading: Reading, entry: Property, params: dict[str, Any]) -> Outcome:
    """Return the answer of one theory property, checked by the verifier."""
    if reading.defect is not None:
        return _defect(f"the lift failed: {reading.defect}")
    if reading.lifted is None:
        return unsupported(f"the loss could not be read: {reading.why_not}", location=reading.location)
    kind = str(reading.lifted.kind)
    if entry.kinds and kind not in entry.kinds:
        return not_applicable(f"{entry.name} is asked of {', '.join(sorted(entry.kinds))}, not of kind {kind}")
    try:
        outcome = _answer(reading, entry, params)
        if decided(outcome) is None and not params and outcome.verdict is not Verdict.NOT_APPLICABLE:
            outcome = conclude(reading.lifted, entry.name, lambda name: _premise(reading, name)) or outcome
    except MemoryError:
        return undecided(f"{entry.name} needed more memory than it may use", reason="memory")
    except ArithmeticError as error:  # a search that divides by zero has found nothing; the verifier never raises it
        return undecided(f"the search for a proof of {entry.name} broke off: {error}", reason="the search broke off")
    # A cached answer is verified again: the certificate is the evidence, the cache is not.
    return confirm(outcome, entry.name, {**entry.params, **params}, reading.digest)


def _answer(reading: Reading, entry: Property, params: dict[str, Any]) -> Outcome:
    """Return what the property itself says, asked once per lifted loss."""
    key = json.dumps([reading.digest, entry.name, plain(params)], sort_keys=True)
    if key not in _ANSWERS:
        with np.errstate(all="ignore"):  # float searches meet overflow on purpose
            _keep(_ANSWERS, key, entry.answer(reading.lifted, **params))
    _ANSWERS.move_to_end(key)
    return _ANSWERS[key]


def _premise(reading: Reading, name: str) -> Outcome | None:
    """Return the answer to a property a theorem needs, or None when it is not asked of this kind."""
    entry = properties().get(name)
    return None if entry is None or reading.lifted.kind not in entry.kinds else _answer(reading, entry, {})


def confirm(outcome: Outcome, name: str, params: dict[str, Any], digest: str | None) -> Outcome:
    """Return ``outcome`` if the verifier says the same of its certificate, an error if it does not."""
    if outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return outcome
    if outcome.certificate is None:
        return _defect(f"{name} is said to be {outcome.verdict.value} without a certificate")
    from losscheck import verifier

    try:
        said = verifier.verify(outcome.certificate)
    except Exception as error:  # whatever it is, the certificate did not pass
        return _defect(f"the verifier rejects the certificate of {name}: {type(error).__name__}: {error}")
    stated = [said.property, str(said.verdict), said.graph, plain(dict(said.params))]
    meant = [name, outcome.verdict.value, digest, plain({**params, **outcome.params})]
    if stated != meant:
        return _defect(f"the certificate of {name} states {stated}, the answer is {meant}")
    return outcome


def _defect(message: str) -> Outcome:
    return Outcome(Verdict.ERROR, message, reason="defect of losscheck")


def _keep(store: OrderedDict[str, Any], key: str, value: Any) -> None:
    store[key] = value
    while len(store) > KEPT:
        store.popitem(last=False)
