"""Speed of the kernels against torch, SciPy, scikit-learn and JAX: python tests/benchmarks/kernels.py [threads].

Competitors are interleaved in one run, and ratios are of the fastest rounds: others on a shared machine only ever add
time. With one thread, time is that of the processor, waiting left out; pin the process to one core (``taskset -c 0``),
or JAX uses more. Kernels write into given buffers; forward and backward of a competitor includes what it allocates
where it offers no buffer.
A ratio above 1 means that the kernel is faster than the best competitor; the table is Markdown, as in docs/kernels.md.
"""

import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import scipy.special
import torch
from sklearn._loss import HalfMultinomialLoss

from losscheck.kernel import kernels

SHAPES = [(1_000_000, 3), (100_000, 10), (65_536, 100), (8192, 1000), (1024, 32_000), (256, 128_256)]
ROUNDS = 9
KERNELS = kernels()
jax.config.update("jax_enable_x64", True)


def jax_loss(a: Any, b: Any) -> Any:
    """Cross-entropy as JAX users write it."""
    return -jax.numpy.take_along_axis(jax.nn.log_softmax(a, axis=1), b[:, None], axis=1)[:, 0]


JAX_FORWARD = jax.jit(jax_loss)
JAX_BOTH = jax.jit(jax.value_and_grad(lambda a, b: jax_loss(a, b).mean()))
JAX_SOFTMAX = jax.jit(lambda a: jax.nn.softmax(a, axis=1))


def fastest(runs: dict[str, Callable[[], Any]], clock: Callable[[], float]) -> dict[str, float]:
    """Fewest seconds of each run, all interleaved."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()  # compiles, and faults the pages in
    for index in range(ROUNDS):
        # Forth and back: some hold a copy of the data, and whoever follows them would always find the cache cold.
        for name, run in list(runs.items())[:: 1 if index % 2 else -1]:
            start = clock()
            run()
            taken[name].append(clock() - start)
    return {name: min(times) for name, times in taken.items()}


def forward(x: Any, y: Any, threads: int) -> dict[str, Callable[[], Any]]:
    """Cross-entropy, values only."""
    z, t, out = torch.from_numpy(x), torch.from_numpy(y), np.empty(len(x), x.dtype)
    each, held, true = np.arange(len(x)), jax.numpy.asarray(x), jax.numpy.asarray(y)
    return {
        "own": lambda: KERNELS["cross_entropy"].run(x, y, out=out, threads=threads),
        "own accurate": lambda: KERNELS["cross_entropy"].run(x, y, out=out, accurate=True, threads=threads),
        "torch": lambda: torch.nn.functional.cross_entropy(z, t, reduction="none"),
        "scipy": lambda: scipy.special.logsumexp(x, axis=1) - x[each, y],
        "jax": lambda: JAX_FORWARD(held, true).block_until_ready(),
    }


def both(x: Any, y: Any, threads: int) -> dict[str, Callable[[], Any]]:
    """Cross-entropy with the gradient of its mean."""
    z, t = torch.from_numpy(x).requires_grad_(), torch.from_numpy(y)
    out, grad = np.empty(len(x), x.dtype), np.empty_like(x)

    def torch_both() -> None:
        z.grad = None
        torch.nn.functional.cross_entropy(z, t).backward()

    def own(accurate: bool) -> Callable[[], Any]:
        return lambda: KERNELS["cross_entropy"].run(
            x, y, out=out, grad=grad, scale=1 / len(x), accurate=accurate, threads=threads
        )

    held, true, half = jax.numpy.asarray(x), jax.numpy.asarray(y), HalfMultinomialLoss(n_classes=x.shape[1])
    labels, raw, losses, slopes = (
        y.astype(x.dtype),
        np.asfortranarray(x),
        np.empty_like(out),
        np.empty_like(x, order="F"),
    )
    return {
        "own": own(False),
        "own accurate": own(True),
        "torch": torch_both,
        "sklearn": lambda: half.loss_gradient(labels, raw, loss_out=losses, gradient_out=slopes, n_threads=threads),
        "jax": lambda: jax.block_until_ready(JAX_BOTH(held, true)),
    }


def softmax(x: Any, y: Any, threads: int) -> dict[str, Callable[[], Any]]:
    """Softmax of rows."""
    z, out = torch.from_numpy(x), np.empty_like(x)
    put, held = torch.empty_like(z), jax.numpy.asarray(x)
    return {
        "own": lambda: KERNELS["softmax"].run(x, out=out, threads=threads),
        "own accurate": lambda: KERNELS["softmax"].run(x, out=out, accurate=True, threads=threads),
        "torch": lambda: torch.softmax(z, 1, out=put),
        "scipy": lambda: scipy.special.softmax(x, axis=1),
        "jax": lambda: JAX_SOFTMAX(held).block_until_ready(),
    }


def copied(clock: Callable[[], float]) -> float:
    """Bandwidth of a copy of 256 MB in GB/s, reads and writes counted."""
    given, into = np.ones(1 << 25), np.empty(1 << 25)
    return 2 * given.nbytes / fastest({"copy": lambda: np.copyto(into, given)}, clock)["copy"] / 1e9


def moved(task: Callable[..., Any], x: Any) -> int:
    """Bytes that a task moves at least: logits, labels, results, gradient."""
    return x.nbytes * (1 if task is forward else 2) + (0 if task is softmax else (8 + x.itemsize) * len(x))


def main(threads: int) -> None:
    """Print a table and the geometric means."""
    torch.set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    rng, copy = np.random.default_rng(0), copied(clock)
    print(f"copy {copy:.1f} GB/s; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print("| task | dtype | shape | own ms | accurate ms | best other ms | ratio | GB/s | of a copy |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    means = []
    for task in (forward, both, softmax):
        ratios: dict[str, list[float]] = {"own": [], "own accurate": []}
        for dtype in (np.float32, np.float64):
            for n, k in SHAPES:
                x = (3 * rng.standard_normal((n, k), dtype=np.float32)).astype(dtype)
                times = fastest(task(x, rng.integers(0, k, n), threads), clock)
                best, who = min((time, name) for name, time in times.items() if not name.startswith("own"))
                for name, kept in ratios.items():
                    kept.append(best / times[name])
                speed = moved(task, x) / times["own"] / 1e9
                print(
                    f"| {task.__name__} | {np.dtype(dtype)} | {n} x {k} | {1e3 * times['own']:.2f} "
                    f"| {1e3 * times['own accurate']:.2f} | {who} {1e3 * best:.2f} | {ratios['own'][-1]:.2f} "
                    f"| {speed:.1f} | {speed / copy:.0%} |",
                    flush=True,
                )
        for name, kept in ratios.items():
            mean = math.exp(statistics.mean(map(math.log, kept)))
            means.append(f"{task.__name__} {name}: geometric mean {mean:.2f}, lowest {min(kept):.2f}")
    print("\n".join(means))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
