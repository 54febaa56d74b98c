"""The parent's hold on a worker: start it, talk to it, end it.

``subprocess`` and not ``multiprocessing``: a daemonic parent (a pool, a Dask worker) may not have children by the
latter, and spawning would import an unguarded script again. The worker leads its own process group, so that it can be
ended together with whatever user code started, and Ctrl-C at a terminal reaches only the process that asked.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from losscheck.worker_limits import ENVIRONMENT
from losscheck.worker_transport import Inbox, write_message

_ROOT = str(Path(__file__).resolve().parent.parent)
_BOOT = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from losscheck.worker import main; main(sys.argv[2:])"


INSIDE = "LOSSCHECK_WORKER"
"""The environment variable that a worker, and what it starts, is known by."""


class WorkerDied(Exception):
    """The worker ended before it answered; the text says how."""


class Worker:
    """One worker process."""

    def __init__(self) -> None:
        job_read, self._jobs = os.pipe()
        answers, answer_write = os.pipe()
        lifeline, self._lifeline = os.pipe()
        path = [*dict.fromkeys([*sys.path, _ROOT])]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, json.dumps(path), str(job_read), str(answer_write), str(lifeline)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(job_read, answer_write, lifeline),
                env={**os.environ, **ENVIRONMENT, INSIDE: "1"},
                start_new_session=True,
            )
        finally:
            for descriptor in (job_read, answer_write, lifeline):
                os.close(descriptor)
        self._inbox = Inbox(answers)
        self._closed = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: dict[str, Any]) -> None:
        """Send one message.

        Raises
        ------
        WorkerDied
            When the worker is gone.
        """
        try:
            write_message(self._jobs, message)
        except BrokenPipeError:
            raise WorkerDied(self._epitaph()) from None

    def receive(self, seconds: float | None) -> dict[str, Any]:
        """Return the next message.

        Raises
        ------
        TimeoutError
            When it did not come within ``seconds``.
        WorkerDied
            When the worker is gone.
        """
        try:
            return self._inbox.receive(seconds)
        except (EOFError, json.JSONDecodeError, UnicodeDecodeError):
            raise WorkerDied(self._epitaph()) from None

    def _epitaph(self) -> str:
        """Say how the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=5)
            if code < 0:
                return f"was ended by signal {-code} ({signal.Signals(-code).name})"
            return f"ended with exit code {code}"
        return "stopped answering"

    def kill(self) -> None:
        """End the process and everything it started."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close_pipes()

    def forget(self) -> None:
        """In a forked child: let go of a worker that belongs to the parent."""
        self._closed = True
        self._process.returncode = 0
        self._close_pipes()

    def _close_pipes(self) -> None:
        os.close(self._jobs)
        os.close(self._lifeline)
        self._inbox.close()


_IDLE: list[Worker] = []
_KEPT = os.cpu_count() or 1


def take() -> Worker:
    """Return a worker for sole use: a warm one, or a new one.

    Raises
    ------
    RuntimeError
        Inside a worker: loading a script would otherwise run its audits, each of which loads the script again.
    """
    if INSIDE in os.environ:
        raise RuntimeError(
            "an audit was started while a loss was loaded to be audited: the file that defines the loss audits when it "
            "is imported; put that call below `if __name__ == '__main__':`"
        )
    try:
        return _IDLE.pop()
    except IndexError:  # never looked at first: another thread may take the last
        return Worker()


def give_back(worker: Worker) -> None:
    """Keep a worker warm for the next audit; no more are kept than can run at once."""
    if len(_IDLE) >= _KEPT:
        worker.kill()
    else:
        _IDLE.append(worker)


@atexit.register
def close() -> None:
    """End the warm workers."""
    while _IDLE:
        _IDLE.pop().kill()


def _forget_all() -> None:
    while _IDLE:
        _IDLE.pop().forget()


os.register_at_fork(after_in_child=_forget_all)
