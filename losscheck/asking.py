"""Ask a worker every question of a job, and turn what ends or outlives a worker into findings.

A step that does not come back is stopped; a step in which the process ends is asked once more with every input
announced before the call, so that the finding names the input.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from losscheck.busy_machine import seconds_in_line
from losscheck.request import FIRST
from losscheck.verdict import Outcome, Severity, Verdict, refuted, undecided, unsupported
from losscheck.worker_process import Worker, WorkerDied, give_back, take
from losscheck.worker_transport import pack

STEP_SECONDS = {"start": 60.0, "load": 60.0, "call": 10.0, "behaviour": 15.0, "lift": 60.0, "theory": 120.0}
"""Safety nets, not budgets: effort bounds the work. A call of a loss takes microseconds, importing torch seconds."""

EFFORT_FACTOR = {"quick": 1.0, "ci": 1.0, "thorough": 5.0}
SECOND_LOOK = 10.0
"""Seconds an announced input gets, as many as the first call, and a step of behaviour once another has been lost."""

PATIENCE = 8.0
"""On a busy machine a step may take this many times its seconds; not counted are those it stood in line for a core."""

FAILURES_ALLOWED = 2
"""Steps of one layer that may end a worker before the rest of that layer is left alone."""


@dataclass
class _Run:
    """The state of one conversation."""

    job: dict[str, Any]
    pending: dict[int, dict[str, Any]]
    deadline: float | None
    step: str = "start"
    began: float = 0.0
    index: int | None = None
    last_input: dict[str, Any] | None = None
    called: float = 0.0
    pid: int | None = None
    step_line: float = 0.0
    """What `seconds_in_line` said of the worker when the step began."""
    call_line: float = 0.0
    """And when the loss was given the announced input."""
    said: dict[int, int] = field(default_factory=dict)
    """How many outcomes of each question were handed on."""
    heard: int = 0
    """How many outcomes of the step under way the worker has sent."""
    failures: dict[str, int] = field(default_factory=dict)

    def allowance(self) -> float:
        """Return how many seconds the current step may take in all."""
        seconds = STEP_SECONDS[self.step] * EFFORT_FACTOR[self.job["effort"]]
        if self.step == "behaviour" and "trace" in self.job:
            seconds += SECOND_LOOK  # the input that does not return is reached as late as before
        elif self.step == "behaviour" and self.failures:
            seconds = SECOND_LOOK
        return seconds if self.deadline is None else min(seconds, max(0.0, self.deadline - self.began))

    def end(self) -> float:
        """Return when to wait no longer: the end of the step, or of the time that the announced input gets."""
        return self._input_end() if self.at_input() else self._step_end()

    def soonest(self) -> float:
        """Return what `end` is on a machine that is not busy: how busy it is need not be asked before then."""
        end = self.began + self.allowance()
        return end if self.last_input is None else min(end, self.called + SECOND_LOOK)

    def _step_end(self) -> float:
        end = self._later(self.began, self.allowance(), self.step_line)
        return end if self.deadline is None else min(end, max(self.deadline, self.began))

    def _input_end(self) -> float:
        return self._later(self.called, SECOND_LOOK, self.call_line)

    def _later(self, began: float, seconds: float, line: float) -> float:
        """Return when ``seconds`` are over, not counting those that the worker has stood in line for a core."""
        waited = self._line() - line
        return began + seconds + min(max(0.0, waited), (PATIENCE - 1.0) * seconds)

    def _line(self) -> float:
        return 0.0 if self.pid is None else seconds_in_line(self.pid)

    def call(self, announced: dict[str, Any]) -> None:
        """Note which input the loss is given."""
        self.last_input, self.called, self.call_line = announced, time.monotonic(), self._line()

    def at_input(self) -> bool:
        """Whether the time of the announced input ends first: many quick calls are slow together, and no finding."""
        return self.last_input is not None and self._input_end() <= self._step_end()

    def enter(self, step: str, index: int | None) -> None:
        """Note which step is under way."""
        self.step, self.index, self.last_input, self.began = step, index, None, time.monotonic()
        self.heard = 0
        self.step_line = self._line()

    def out_of_time(self) -> bool:
        """Whether the user's timeout is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def layer(self, index: int) -> str:
        """Return the layer of an open question."""
        return str(self.pending[index]["layer"])


def ask(job: dict[str, Any], timeout: float | None = None) -> Iterator[dict[str, Any]]:
    """Yield the messages of a job that have an ``outcome``, ``plots`` or an ``address``, or say ``unloadable``."""
    run = _Run(job, {q["index"]: q for q in job["questions"]}, None if timeout is None else time.monotonic() + timeout)
    while run.pending:
        worker = take()
        try:
            restart = yield from _converse(run, worker)
        except BaseException:  # Ctrl-C, a consumer that stops, a defect: no worker stays behind
            worker.kill()
            raise
        if restart:
            worker.kill()
        else:
            give_back(worker)


def _converse(run: _Run, worker: Worker) -> Generator[dict[str, Any], None, bool]:
    """Talk to one worker until the job is done (False) or the worker is of no more use (True)."""
    run.pid = worker.pid
    run.enter("start", None)
    try:
        worker.send({**run.job, "questions": list(run.pending.values())})
        while True:
            message = _next(run, worker)
            if "step" in message:
                run.enter(message["step"], message.get("index"))
            elif "calling" in message:
                run.call(message["calling"])
            elif "outcome" in message:
                run.heard += 1
                # Asked once more, a question has the same answers: those that were handed on are not again.
                if run.heard > run.said.get(message["index"], 0):
                    run.said[message["index"]] = run.heard
                    yield message
            elif "end" in message:
                run.pending.pop(message["end"])
                run.heard = 0
                run.job.pop("trace", None)
            elif "unloadable" in message:
                run.pending.clear()
                yield message
            elif "plots" in message or "address" in message:
                yield message
            elif "broken" in message:
                yield from _give_up(run, Outcome(Verdict.ERROR, message["broken"], reason="defect of losscheck"))
                return True
            else:  # done; or code was edited since the worker started, and a new one must read it
                run.job["fresh"] = True
                return "stale" in message
    except TimeoutError:
        yield from _lost(run, None)
    except WorkerDied as death:
        yield from _lost(run, str(death))
    return True


def _next(run: _Run, worker: Worker) -> dict[str, Any]:
    """Return the next message; time that the worker stood in line for a core is not held against it."""
    end = run.soonest
    while True:
        try:
            return worker.receive(max(0.0, end() - time.monotonic()))
        except TimeoutError:
            end = run.end
            if end() <= time.monotonic():
                raise


def _lost(run: _Run, death: str | None) -> Iterator[dict[str, Any]]:
    """Say what the loss of a worker means for the step under way, and for the questions it leaves open."""
    if death is None and run.out_of_time():
        stopped = undecided("the audit ran out of time (timeout=)", reason="timeout")
        yield from _give_up(run, stopped)
        return
    seconds = SECOND_LOOK if run.at_input() else run.allowance()
    how = f"the process {death}" if death else f"it did not return within {seconds:g} s"
    if run.step in ("start", "load", "call"):
        doing = {"start": "the worker was started", "load": "the loss was loaded", "call": "the loss was first called"}
        yield from _never_ran(run, f"when {doing[run.step]}, {how}")
    elif run.step == "lift":
        gone = unsupported(f"when the code was read, {how}", reason="the code could not be read")
        yield from _give_up(run, gone, layer="theory")
    elif run.index in run.pending and run.index is not None:
        yield from _lost_in_property(run, run.index, how, death)


def _lost_in_property(run: _Run, index: int, how: str, death: str | None) -> Iterator[dict[str, Any]]:
    name, layer = run.pending[index]["property"], run.layer(index)
    if layer == "theory":
        outcome = undecided(f"{name} was stopped: {how}", reason="worker died" if death else "time")
    elif "trace" not in run.job and layer not in run.failures:
        run.job["trace"] = index  # once more, announcing each input
        return
    elif run.last_input is not None and (death or run.at_input()):
        seen = {**run.last_input, "seen": how}
        outcome = refuted(
            f"{name}: given a valid input (see the witness), {how}",
            witness=seen,
            severity=Severity.ERROR,
            dtype=run.last_input.get("dtype") if index in run.said else None,
        )
    else:
        each = "" if run.last_input is None else ", though every call before the last one did, each in its time"
        outcome = unsupported(f"{name} was stopped: {how}{each}", reason="the loss does not come back")
    run.job.pop("trace", None)
    if index not in run.said or outcome.verdict is Verdict.REFUTED:
        yield _message(index, outcome)
    run.pending.pop(index)
    run.failures[layer] = run.failures.get(layer, 0) + 1
    if run.failures[layer] >= FAILURES_ALLOWED:
        reason = "the loss does not come back" if layer == "behaviour" else "worker died"
        rest = f"not asked: {run.failures[layer]} properties before it ended the worker"
        left = unsupported(rest, reason=reason) if layer == "behaviour" else undecided(rest, reason=reason)
        yield from _give_up(run, left, layer=layer)


def _never_ran(run: _Run, message: str) -> Iterator[dict[str, Any]]:
    for index, question in list(run.pending.items()):
        if question["property"] == FIRST and run.step == "call":
            seen = {"seen": message, "inputs": "the first ordinary input of the audit's seed"}
            yield _message(index, refuted(message, witness=seen, severity=Severity.ERROR))
        else:
            yield _message(index, unsupported(message, reason="the loss does not run"))
    run.pending.clear()


def _give_up(run: _Run, outcome: Outcome, layer: str | None = None) -> Iterator[dict[str, Any]]:
    for index in list(run.pending):
        if layer is None or run.layer(index) == layer:
            if index not in run.said:
                yield _message(index, outcome)
            run.pending.pop(index)


def _message(index: int, outcome: Outcome) -> dict[str, Any]:
    return {"index": index, "outcome": pack(outcome), "graph": None, "seconds": None}
