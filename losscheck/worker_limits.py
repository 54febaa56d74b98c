"""What user code may use: memory, one thread, and a clock that needs no cooperation."""

from __future__ import annotations

import faulthandler
import os
import sys
import warnings
from typing import Any

MEMORY = 8 << 30
"""Bytes of address space. torch alone maps about 2 GiB; 8 leaves room for a batch of 70,000 rows."""

# Numerical libraries read these when they are loaded. One thread: sums come out the same on every machine, and two
# audits side by side do not fight for cores. A fixed hash seed makes the order of user sets repeatable.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUNBUFFERED": "1",
}


def limit_memory(size: int = MEMORY) -> int | None:
    """Lower the address-space limit to ``size`` bytes, never above what was inherited; return what holds now."""
    try:
        import resource
    except ImportError:  # not a POSIX system
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = min(limit for limit in (size, soft, hard) if limit != resource.RLIM_INFINITY)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
        # A crash is reported by its signal; a core file of gigabytes helps nobody.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (ValueError, OSError):  # some sandboxes refuse: the audit goes on under the inherited limit
        return soft
    return allowed


def arm(seconds: float) -> None:
    """End this process after ``seconds`` unless armed again: a C thread that waits for no interpreter lock.

    The process that asked kills a slow worker long before; this is for a worker whose parent was killed too.
    """
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or 2)


def disarm() -> None:
    """Stop the clock that `arm` started."""
    faulthandler.cancel_dump_traceback_later()


def settle() -> None:
    """Put the state that values may depend on where every run finds it: threads, warnings, seeds, error modes."""
    import random

    import numpy as np

    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  (the legacy state is what user code draws from)
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        torch.manual_seed(0)
        torch.set_grad_enabled(True)


def silence() -> None:
    """Send what user code prints to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
