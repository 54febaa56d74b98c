"""Answer a job: load the loss, call it, lift it once, ask each property, and say each outcome as soon as it is known.

This is what runs in the worker. Messages, in order: ``{"step": ...}`` before anything that may not come back,
``{"index": i, "outcome": ..., ...}`` per outcome, ``{"end": i}`` after the last outcome of a question.
"""

from __future__ import annotations

import base64
import contextlib
import pickle
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.address import rebuilds
from losscheck.behaviour.calling import Raised
from losscheck.behaviour.stored import Stored, stored_inputs
from losscheck.behaviour.trial import Trial
from losscheck.cache import Cache
from losscheck.code_digest import code_digest
from losscheck.counterexample_curves import counterexample
from losscheck.curves import curves
from losscheck.hunting.naming import named
from losscheck.loss import load_target
from losscheck.property import Property, properties
from losscheck.range_answers import at
from losscheck.ranges import sample, split
from losscheck.remembering import behaviour_key
from losscheck.restating import restated
from losscheck.signature import parse
from losscheck.theory_answers import MALFORMED, Reading, ask_all, read
from losscheck.verdict import Outcome, Severity, Verdict, refuted, unsupported
from losscheck.worker_transport import pack, unpack

Emit = Callable[[dict[str, Any]], None]
FIRST = "accepts_valid_input"


@dataclass
class _Session:
    """One job under way."""

    job: dict[str, Any]
    emit: Emit
    function: Callable[..., Any]
    params: dict[str, Any]
    ranged: dict[str, Any]
    """The parameters as asked, ranges among them; ``params`` has one value inside each."""
    cache: Cache
    code: str | None
    trials: dict[int | None, Trial | Raised] = field(default_factory=dict)
    readings: dict[int | None, Reading] = field(default_factory=dict)

    def trial(self, n_classes: int | None) -> Trial | Raised:
        """Return the loss ready to be called, or what it raised when it was first called."""
        if n_classes not in self.trials:
            self.emit({"step": "call"})
            try:
                self.trials[n_classes] = Trial(
                    self.function,
                    parse(self.job["signature"]),
                    params=self.params,
                    n_classes=n_classes or 3,
                    dtypes=tuple(self.job["dtypes"]),
                    effort=self.job["effort"],
                    seed=self.job["seed"],
                    device=self.job["device"],
                )
            except Raised as error:
                self.trials[n_classes] = error
        return self.trials[n_classes]

    def reading(self, n_classes: int | None) -> Reading:
        """Return the lifted loss, or why it could not be read."""
        if n_classes not in self.readings:
            self.emit({"step": "lift"})
            self.readings[n_classes] = read(self.job, self.function, self.ranged, n_classes)
        return self.readings[n_classes]

    def key(self, entry: Property, question: dict[str, Any]) -> str | None:
        """Return the key of a behaviour's outcomes in the cache; None where they are not kept."""
        if entry.layer != "behaviour" or self.code is None or "trace" in self.job:
            return None
        return behaviour_key(self.code, self.job, question)


def answer(job: dict[str, Any], emit: Emit) -> None:
    """Answer every question of ``job``."""
    emit({"step": "load"})
    try:
        function, params = job.get("object") or pickle.loads(base64.b64decode(job["pickle"]))
        if isinstance(function, str):
            function = load_target(function)
    except Exception as error:
        emit({"unloadable": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()})
        return
    for target in job.get("guesses", ()):
        if rebuilds(target, function):
            emit({"address": target})
            break
    # The digest is taken before the loss runs for the first time: it may keep state.
    code = code_digest(function, params) if job.get("cache") else None
    fixed, ranges = split(params)
    tried = {**fixed, **sample(ranges)}
    session = _Session(job, emit, function, tried, dict(params), Cache(job.get("cache")), code)
    known = properties()
    with contextlib.closing(session.cache):
        for question in job["questions"]:
            _answer_one(session, question, known[question["property"]])
    for reading in session.readings.values():
        if reading.lifted is not None and job.get("plots"):
            try:
                middle = {name: Fraction(x) for name, x in sample(ranges).items()}
                emit({"plots": curves(at(reading.lifted, middle) if ranges else reading.lifted)})
            except Exception as error:  # charts are for the eye: a report without them is still a report
                emit({"plots": {}, "unplotted": f"{type(error).__name__}: {error}"})
            break


def _answer_one(session: _Session, question: dict[str, Any], entry: Property) -> None:
    index, n_classes = question["index"], question["n_classes"]
    key = session.key(entry, question)
    began, graph = time.perf_counter(), None
    said: list[dict[str, Any]] = []

    def say(outcome: dict[str, Any], cached: bool = False) -> None:
        nonlocal began
        now = time.perf_counter()
        message = {"index": index, "outcome": outcome, "graph": graph, "seconds": now - began}
        session.emit({**message, "cached": True} if cached else message)
        said.append(outcome)
        began = now

    kept = _kept(session.cache, key) if key else None
    if kept is not None:
        for each in kept:
            say(each, cached=True)
        session.emit({"end": index})
        return
    try:
        prepared = session.trial(n_classes) if entry.layer == "behaviour" else session.reading(n_classes)
        session.emit({"step": entry.layer, "index": index, "property": entry.name})
        began = time.perf_counter()
        stored = question.get("stored")
        if isinstance(prepared, Reading) and stored and prepared.lifted is not None:
            graph = prepared.digest
            say(pack(restated(stored["certificate"], entry.name, prepared.lifted)))
        elif isinstance(prepared, Reading):
            for outcome, cached, digest in ask_all(prepared, entry, question["params"], session.cache):
                graph = digest
                say(pack(outcome), cached)
                _draw(session, prepared, entry, outcome)
        elif isinstance(prepared, Raised):
            say(pack(_named(_never_called(entry, prepared), entry, session, n_classes)))
        else:
            prepared.trace = _tracer(session, index) if session.job.get("trace") == index else None
            behave = _behave_stored if stored else _behave
            for outcome in behave(entry, prepared, question):
                say(pack(_named(outcome, entry, session, n_classes)))
            if key and all(outcome["verdict"] != Verdict.ERROR for outcome in said):
                session.cache.put(key, said)
    except Exception:
        broken = Outcome(Verdict.ERROR, f"{entry.name} failed: {traceback.format_exc()}", reason="defect of losscheck")
        say(pack(broken))
    session.emit({"end": index})


def _draw(session: _Session, reading: Reading, entry: Property, outcome: Outcome) -> None:
    """Send a chart of a counterexample that two points show."""
    if not session.job.get("drawn") or outcome.verdict is not Verdict.REFUTED:
        return
    if reading.lifted is None or reading.lifted.parameters:  # values of parameters would have to be chosen
        return
    try:
        found = counterexample(reading.lifted, entry.name, outcome.witness)
    except Exception:  # charts are for the eye: a report without them is still a report
        return
    if found is not None:
        session.emit({"plots": {f"counterexample_{entry.name}": found}})


def _kept(cache: Cache, key: str) -> list[dict[str, Any]] | None:
    """Return the outcomes in the cache, None where there are none or something else: a behaviour is never proved."""
    kept = cache.get(key)
    try:
        outcomes = [unpack(each) for each in kept]
    except MALFORMED:
        return None
    return [pack(o) for o in outcomes] if outcomes and all(o.verdict is not Verdict.PROVED for o in outcomes) else None


def _named(outcome: Outcome, entry: Property, session: _Session, n_classes: int | None) -> Outcome:
    """Add the operation that goes wrong first, where one does."""
    return named(
        outcome,
        entry.name,
        session.function,
        kind=session.job["kind"],
        signature=session.job["signature"],
        params=session.params,
        n_classes=n_classes,
    )


def _behave(entry: Property, trial: Trial, question: dict[str, Any]) -> Iterable[Outcome]:
    try:
        with np.errstate(all="ignore"):  # infinities and NaN are what is looked for
            yield from entry.answer(trial, **question["params"])
    except Raised as error:
        # Properties catch what the loss raises where that is an answer; anywhere else there is nothing to observe.
        yield unsupported(f"the loss raised {error} while {entry.name} was asked", reason="the loss raised")


def _behave_stored(entry: Property, trial: Trial, question: dict[str, Any]) -> Iterable[Outcome]:
    """Ask with the stored input as the only directed one; where it is fine so, as the first ordinary one too."""
    witness = question["stored"]["witness"]
    inputs = stored_inputs(witness, [a.name for a in trial.signature.arguments])
    found: dict[str | None, Outcome] = {}
    for first in (False, True):
        if inputs is None or any(_shown_at(outcome, witness) for outcome in found.values()):
            break
        for outcome in _behave(entry, Stored(trial, inputs, first=first), question):
            if outcome.verdict is Verdict.REFUTED or outcome.dtype not in found:
                found[outcome.dtype] = outcome
    return found.values()


def _shown_at(outcome: Outcome, witness: dict[str, Any]) -> bool:
    """Whether an outcome refutes at the inputs of this witness."""
    return outcome.verdict is Verdict.REFUTED and (outcome.witness or {}).get("inputs") == witness["inputs"]


def _never_called(entry: Property, error: Raised) -> Outcome:
    if entry.name == FIRST:
        return refuted(
            f"the loss raises on an ordinary input: {error}",
            witness=error.witness,
            reason="raises",
            severity=Severity.ERROR,
            location=error.location,
        )
    return unsupported(f"the loss raises on an ordinary input: {error}", reason="raises", location=error.location)


def _tracer(session: _Session, index: int) -> Callable[[dict[str, Any]], None]:
    """Announce each input before the call, so that an input that ends the process is known."""
    return lambda witness: session.emit({"calling": witness, "index": index})
