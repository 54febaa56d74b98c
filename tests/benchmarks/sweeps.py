"""Audits per second against Dask workers: ``python tests/benchmarks/sweeps.py [POINTS [WORKERS,WORKERS...]]``.

Each way runs the same points, all behaviours and all theory of a margin loss in NumPy, after points enough that every
worker has imported and compiled what it needs. The ways take turns, each turn has points of its own (a worker remembers
what it has read), and the best of two turns counts, as other programs share the machine. Printed too: the load of the
machine, the processor time that the workers took for one point, and whether every way gave the bytes of the serial run.
24 points take about three minutes on a machine that has nothing else to do.
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CODE = "import numpy as np\n\ndef loss(v, gamma=1.0):\n    return np.logaddexp(0, -gamma * v) / gamma\n"
TURNS = 2
WARM = 4
"""Points for each worker before the clock starts."""


def processor_seconds(process: int) -> float:
    """Return what a process has used so far, by Linux's count; 0 where there is no such count."""
    stat = Path(f"/proc/{process}/stat")
    words = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def idle_workers() -> list[int]:
    """Return the warm workers of this process."""
    from losscheck import worker_process

    return sorted(worker.pid for worker in worker_process._IDLE)


def _all(client: Any) -> list[int]:
    return sorted(pid for pids in client.run(idle_workers).values() for pid in pids)


def main(points: int, workers: list[int]) -> None:
    """Print a table."""
    os.environ["LOSSCHECK_CACHE"] = "off"
    os.environ["OMP_NUM_THREADS"] = "1"
    from distributed import Client, LocalCluster

    from losscheck.sweeping import grid, sweep, table

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "swept_loss.py"
        file.write_text(CODE)
        before = WARM * max(workers)
        gammas = [1 + k / 64 for k in range(before + TURNS * points)]
        every = grid([f"{file}:loss"], {"gamma": gammas}, kind="margin", dtypes=("float64", "float32"), effort="quick")
        best: dict[str, float] = {}
        texts: dict[str, list[str]] = {}
        spent: dict[str, float] = {}

        def turn(number: int, name: str, executor: Any, audits: Callable[[], list[int]]) -> None:
            if number == 0:
                sweep(every[:before], executor=executor)
            asked = every[before + number * points :][:points]
            processes = audits()
            used = sum(map(processor_seconds, processes))
            began = time.perf_counter()
            reports = sweep(asked, executor=executor)
            taken = time.perf_counter() - began
            if audits() == processes:  # none was replaced on the way
                spent[name] = (sum(map(processor_seconds, processes)) - used) / len(asked)
            texts.setdefault(name, []).append(table(reports))
            best[name] = max(best.get(name, 0.0), len(asked) / taken)

        clusters = {}
        for count in workers:
            cluster: Any = LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            clusters[f"Dask, {count} workers"] = cluster, Client(cluster)
        for number in range(TURNS):
            turn(number, "serial", None, idle_workers)
            for name, (_, client) in clusters.items():
                turn(number, name, client.get_executor(pure=True, retries=3), functools.partial(_all, client))
        for cluster, client in clusters.values():
            client.close()
            cluster.close()
    print(f"{points} points, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, rate in best.items():
        same = "the same bytes" if texts[name] == texts["serial"] else "OTHER BYTES"
        each = f"{spent[name]:.2f} s of processor each" if name in spent else ""
        print(f"{name:16} {rate:6.2f} audits/s  {rate / best['serial']:5.2f}x  {same}  {each}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24, [int(n) for n in (sys.argv[2:] or ["1,2"])[0].split(",")])
