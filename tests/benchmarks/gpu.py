"""Kernels on a GPU: correctness, then a roofline table in Markdown: python tests/benchmarks/gpu.py

Each row of the table: what a kernel must move at least (logits, labels, outputs), its time, the bandwidth that makes,
and the share of the bandwidth of a copy on the same card. Competitors, where installed: torch eager, torch.compile, and
a Triton softmax. Needs ``losscheck[cuda]``, torch with CUDA, and a card; runs of all competitors are interleaved, and
the second cache is flushed before each. ``python tests/benchmarks/gpu.py dry`` takes the same way through the script in
Numba's simulator, on a few rows and with NumPy for a competitor: its figures mean nothing.
"""

import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

DRY = sys.argv[1:] == ["dry"]
if DRY:
    os.environ["NUMBA_ENABLE_CUDASIM"] = "1"  # read when Numba is imported

import numpy as np  # noqa: E402  (after the choice of the simulator)
import scipy.special  # noqa: E402

from losscheck.kernel import kernels  # noqa: E402

try:
    import triton
    import triton.language as tl
except ImportError:
    triton = None

SHAPES = [(1_000_000, 3), (100_000, 10), (65_536, 100), (65_536, 1000), (8192, 32_000), (8192, 128_256)]
CHECKED = [(70, 3), (5, 33), (3, 1000), (2, 32_000)]
TAILS = (("comp_sum", 1.0), ("focal", 0.5), ("generalized_cross_entropy", 0.7), ("poly1", 1.0))
ROUNDS = 20
Run = Callable[[], Any]


class Card:
    """A GPU, by torch."""

    def __init__(self) -> None:
        import torch

        if not torch.cuda.is_available():
            sys.exit("no GPU here; run this on a machine that has one, or: python tests/benchmarks/gpu.py dry")
        self.torch = torch
        self.name = torch.cuda.get_device_name()
        self.shapes, self.checked, self.rounds, self.tile = SHAPES, CHECKED, ROUNDS, 1 << 28
        self.cache = torch.empty(1 << 28, dtype=torch.uint8, device="cuda")

    def put(self, array: Any) -> Any:
        """The array on the card."""
        return self.torch.from_numpy(array).cuda()

    def batch(self, n: int, k: int) -> tuple[Any, Any]:
        """Logits of standard deviation 3 and labels."""
        return 3 * self.torch.randn(n, k, device="cuda"), self.torch.randint(0, k, (n,), device="cuda")

    def back(self, array: Any) -> Any:
        """The array in NumPy."""
        self.torch.cuda.synchronize()
        return array.cpu().numpy()

    def milliseconds(self, run: Run) -> float:
        """The time of one run by events, nothing in the cache before."""
        self.cache.zero_()
        start, stop = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        run()
        stop.record()
        self.torch.cuda.synchronize()
        return float(start.elapsed_time(stop))

    def copy(self, given: Any, into: Any) -> None:
        """Copy on the card."""
        into.copy_(given)

    def competitors(self, task: str, z: Any, t: Any, out: Any) -> dict[str, Run]:
        """Torch eager and compiled, and a softmax written by hand in Triton."""
        torch, functional = self.torch, self.torch.nn.functional
        if task == "softmax":
            kernel = torch.compile(lambda a: torch.softmax(a, 1), dynamic=False)
            by_hand = {} if triton is None else {"triton": lambda: triton_softmax(z, out)}
            return {"eager": lambda: torch.softmax(z, 1, out=out), "compile": lambda: kernel(z), **by_hand}

        def eager(a: Any, b: Any) -> Any:
            return functional.cross_entropy(a, b, reduction="none")

        loss = torch.compile(eager, dynamic=False)
        if task == "forward":
            return {"eager": lambda: eager(z, t), "compile": lambda: loss(z, t)}
        held = z.detach().clone().requires_grad_()

        def both(function: Callable[[Any, Any], Any]) -> None:
            held.grad = None
            function(held, t).sum().backward()

        return {"eager": lambda: both(eager), "compile": lambda: both(loss)}


class Simulator:
    """No GPU: NumPy arrays, a few rows, one round."""

    name = "simulator (a dry run: its figures mean nothing)"
    shapes, checked, rounds, tile = [(4, 3), (1, 40)], [(4, 3), (1, 40)], 1, 1 << 10

    def put(self, array: Any) -> Any:
        """The array itself."""
        return array

    back = put

    def batch(self, n: int, k: int) -> tuple[Any, Any]:
        """Logits of standard deviation 3 and labels."""
        rng = np.random.default_rng(1)
        return 3 * rng.standard_normal((n, k), dtype=np.float32), rng.integers(0, k, n)

    def milliseconds(self, run: Run) -> float:
        """The time of one run."""
        start = time.perf_counter()
        run()
        return 1e3 * (time.perf_counter() - start)

    def copy(self, given: Any, into: Any) -> None:
        """Copy in memory."""
        np.copyto(into, given)

    def competitors(self, task: str, z: Any, t: Any, out: Any) -> dict[str, Run]:
        """SciPy, whatever the task."""
        return {"scipy": lambda: scipy.special.softmax(z, axis=1)}


if triton is not None:

    @triton.jit
    def rows(out, x, k, BLOCK: tl.constexpr):  # type: ignore[no-untyped-def]  # one program per row, held in registers
        row = tl.program_id(0).to(tl.int64)
        at = tl.arange(0, BLOCK)
        z = tl.load(x + row * k + at, mask=at < k, other=-float("inf")).to(tl.float32)
        e = tl.exp(z - tl.max(z, 0))
        tl.store(out + row * k + at, e / tl.sum(e, 0), mask=at < k)


def triton_softmax(x: Any, out: Any) -> None:
    """A softmax written by hand in Triton."""
    width = triton.next_power_of_2(x.shape[1])
    rows[(x.shape[0],)](out, x, x.shape[1], BLOCK=width, num_warps=max(1, min(32, width // 256)))


def correct(card: Any, gpu: Any) -> None:
    """Values and gradients against the kernels of the CPU."""
    rng = np.random.default_rng(0)
    for n, k in card.checked:
        x, y = (4 * rng.standard_normal((n, k))).astype(np.float32), rng.integers(0, k, n)
        value, grad = np.empty(n, np.float32), np.empty_like(x)
        z, t, one, many = map(card.put, (x, y, np.empty(n, np.float32), np.empty_like(x)))
        for tail, parameter in TAILS:
            kernels()[tail].run(x, y, parameter, out=value, grad=grad, accurate=True)
            gpu.run_loss(tail, z, t, one, many, 1.0, parameter)
            np.testing.assert_allclose(card.back(one), value, rtol=1e-4, atol=1e-30)
            np.testing.assert_allclose(card.back(many), grad, rtol=1e-4, atol=1e-30)
        gpu.run_map("softmax", z, many)
        np.testing.assert_allclose(card.back(many), kernels()["softmax"].run(x, accurate=True), rtol=1e-4)


def medians(card: Any, runs: dict[str, Run]) -> dict[str, float]:
    """Median milliseconds of each run, interleaved."""
    for run in runs.values():
        run()  # compiles
    taken = [{name: card.milliseconds(run) for name, run in runs.items()} for _ in range(card.rounds)]
    return {name: statistics.median(times[name] for times in taken) for name in runs}


def copied(card: Any) -> float:
    """Bandwidth of a copy (of a gibibyte on a card), in GB/s, reads and writes counted."""
    given, into = (card.put(np.zeros(card.tile, np.float32)) for _ in range(2))
    return 2 * given.nbytes / medians(card, {"copy": lambda: card.copy(given, into)})["copy"] / 1e6


def main() -> None:
    """Print the table and, per task, geometric means of the ratios to the best competitor."""
    try:
        from losscheck.kernels.cuda import launch as gpu
    except ImportError as error:
        sys.exit(f"{error}; install losscheck[cuda] and torch with CUDA")
    card: Any = Simulator() if DRY else Card()
    correct(card, gpu)
    copy = copied(card)
    print(f"{card.name}: kernels agree with those of the CPU; copy {copy:.0f} GB/s\n")
    print("| task | float32 shape | MB | own ms | others ms | ratio | GB/s | of a copy |\n" + "|---" * 8 + "|")
    ratios: dict[str, list[float]] = {}
    for n, k in card.shapes:
        z, t = card.batch(n, k)
        value, grad, beside = card.put(np.empty(n, np.float32)), card.put(np.empty((n, k), np.float32)), 12 * n
        for task, moved, own in (
            ("softmax", 2 * z.nbytes, lambda z=z, grad=grad: gpu.run_map("softmax", z, grad)),
            ("forward", z.nbytes + beside, lambda z=z, t=t, v=value: gpu.run_loss("comp_sum", z, t, v)),
            (
                "forward+backward",
                2 * z.nbytes + beside,
                lambda z=z, t=t, v=value, grad=grad: gpu.run_loss("comp_sum", z, t, v, grad),
            ),
        ):
            times = medians(card, {"own": own, **card.competitors(task, z, t, grad)})
            reached, mine = moved / times["own"] / 1e6, times.pop("own")
            ratios.setdefault(task, []).append(min(times.values()) / mine)
            told = ", ".join(f"{name} {each:.3f}" for name, each in times.items())
            print(
                f"| {task} | {n} x {k} | {moved / 1e6:.1f} | {mine:.3f} | {told} | {ratios[task][-1]:.2f} "
                f"| {reached:.0f} | {reached / copy:.0%} |",
                flush=True,
            )
    print()
    for task, kept in ratios.items():
        print(f"{task}: geometric mean {math.exp(statistics.mean(map(math.log, kept))):.2f}, lowest {min(kept):.2f}")


if __name__ == "__main__":
    main()
