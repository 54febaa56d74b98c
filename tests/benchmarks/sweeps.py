"""Audits per second against Dask workers: ``python tests/benchmarks/sweeps.py [POINTS [WORKERS,WORKERS...]]``.

Each way runs the same points, all behaviours and all theory of a margin loss in NumPy, after one point that warms it
up; the ways take turns, and the best of three turns counts, as other programs share the machine. Printed too: the load
of the machine, and whether every way gave the bytes of the serial run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CODE = "import numpy as np\n\ndef loss(v, gamma=1.0):\n    return np.logaddexp(0, -gamma * v) / gamma\n"
TURNS = 3


def main(points: int, workers: list[int]) -> None:
    """Print a table."""
    os.environ["LOSSCHECK_CACHE"] = "off"
    os.environ["OMP_NUM_THREADS"] = "1"
    from distributed import Client, LocalCluster

    from losscheck.sweeping import grid, sweep, table

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "swept_loss.py"
        file.write_text(CODE)
        gammas = [1 + k / 64 for k in range(points + 1)]
        every = grid([f"{file}:loss"], {"gamma": gammas}, kind="margin", dtypes=("float64", "float32"), effort="quick")
        warm, asked = every[:1], every[1:]
        best: dict[str, float] = {}
        texts: dict[str, str] = {}

        def turn(name: str, executor: Any) -> None:
            sweep(warm, executor=executor)
            began = time.perf_counter()
            reports = sweep(asked, executor=executor)
            taken = time.perf_counter() - began
            texts.setdefault(name, table(reports))
            best[name] = max(best.get(name, 0.0), len(asked) / taken)

        clusters = {}
        for count in workers:
            cluster: Any = LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            clusters[f"Dask, {count} workers"] = cluster, Client(cluster)
        for _ in range(TURNS):
            turn("serial", None)
            for name, (_, client) in clusters.items():
                turn(name, client.get_executor(pure=True, retries=3))
        for cluster, client in clusters.values():
            client.close()
            cluster.close()
    print(f"{points} points, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, rate in best.items():
        same = "the same bytes" if texts[name] == texts["serial"] else "OTHER BYTES"
        print(f"{name:16} {rate:6.2f} audits/s  {rate / best['serial']:5.2f}x  {same}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12, [int(n) for n in (sys.argv[2:] or ["1,2"])[0].split(",")])
