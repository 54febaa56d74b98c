"""The worker: the process in which user code runs.

It reads jobs from one pipe, answers on another, and ends when the third, the lifeline, closes: that happens when the
process that asked is gone, however it went. Standard input and output lead nowhere, so nothing a loss prints can
reach the pipes.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from losscheck.worker_limits import arm, disarm, limit_memory, settle, silence
from losscheck.worker_transport import Inbox, write_message

LONGEST_STEP = 900.0
"""Seconds after which a worker without a living parent ends by itself; no step is allowed that long."""


def main(arguments: list[str]) -> None:
    """Serve jobs until the pipe closes; ``arguments`` are the three descriptors."""
    jobs, answers, lifeline = (int(each) for each in arguments)
    for descriptor in (jobs, answers, lifeline):
        os.set_inheritable(descriptor, False)
    silence()
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()
    limit = limit_memory()
    inbox = Inbox(jobs)
    started = time.time()
    baseline = set(sys.modules)
    while True:
        try:
            job = inbox.receive()
        except EOFError:
            break
        if not job.get("fresh") and stale(started, baseline):
            write_message(answers, {"stale": True})
            break
        serve(job, lambda message: write_message(answers, message), limit)
    os._exit(0)  # threads that user code started may not hold the process back


def serve(job: dict[str, Any], emit: Callable[[dict[str, Any]], None], limit: int | None) -> None:
    """Answer one job; what escapes is a defect of ours, and is said as such."""
    import traceback

    from losscheck.answering import answer
    from losscheck.comparison.answering import answer_comparison
    from losscheck.rounding.answering import answer_check

    def beat(message: dict[str, Any]) -> None:
        arm(LONGEST_STEP)
        emit(message)

    try:
        os.chdir(job["directory"])
        sys.path[:] = job["path"]
        settle()
        tasks = {"audit": answer, "compare": answer_comparison, "check": answer_check}
        tasks[job.get("task", "audit")](job, beat)
        emit({"done": True, "memory": limit})
    except BaseException:
        emit({"broken": traceback.format_exc()})
    finally:
        disarm()


def stale(started: float, baseline: set[str]) -> bool:
    """Whether a module of the user's has been edited since this process started: then it must be read afresh."""
    for name, module in list(sys.modules.items()):
        if name in baseline:
            continue
        path = getattr(module, "__file__", None)
        if not path or "site-packages" in path or path.startswith(sys.base_prefix):
            continue
        with contextlib.suppress(OSError):  # torch.ops and others name files that do not exist
            if os.stat(path).st_mtime > started:
                return True
    return False


def _watch(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)
