"""Kernels on a GPU: correctness, then a roofline table: python tests/benchmarks/gpu.py.

Each row of the table: what a kernel must move at least (logits, labels, outputs), its time, the bandwidth that makes,
and the share of the bandwidth of a copy on the same card. Competitors, where installed: torch eager, torch.compile, and
a Triton softmax. Needs ``losscheck[cuda]``, torch with CUDA, and a card; runs of all competitors are interleaved.
"""

import math
import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.kernel import kernels

SHAPES = [(1_000_000, 3), (100_000, 10), (65_536, 100), (65_536, 1000), (8192, 32_000), (8192, 128_256)]
ROUNDS = 20
Run = Callable[[], Any]


def correct(torch: Any, gpu: Any) -> None:
    """Values and gradients against the kernels of the CPU."""
    rng = np.random.default_rng(0)
    for n, k in ((70, 3), (5, 33), (3, 1000), (2, 32_000)):
        x, y = (4 * rng.standard_normal((n, k))).astype(np.float32), rng.integers(0, k, n)
        value, grad = np.empty(n, np.float32), np.empty_like(x)
        z, t = torch.from_numpy(x).cuda(), torch.from_numpy(y).cuda()
        one, many = torch.empty(n, device="cuda"), torch.empty_like(z)
        for tail, parameter in (("comp_sum", 1.0), ("focal", 0.5), ("generalized_cross_entropy", 0.7), ("poly1", 1.0)):
            kernels()[tail].run(x, y, parameter, out=value, grad=grad, accurate=True)
            gpu.run_loss(tail, z, t, one, many, 1.0, parameter)
            torch.cuda.synchronize()
            np.testing.assert_allclose(one.cpu().numpy(), value, rtol=1e-4, atol=1e-30)
            np.testing.assert_allclose(many.cpu().numpy(), grad, rtol=1e-4, atol=1e-30)
        gpu.run_map("softmax", z, many)
        np.testing.assert_allclose(many.cpu().numpy(), kernels()["softmax"].run(x, accurate=True), rtol=1e-4)
    print("correct on this card")


def medians(torch: Any, runs: dict[str, Run]) -> dict[str, float]:
    """Median milliseconds of each run by events, interleaved, the second cache flushed before each."""
    flush = torch.empty(1 << 28, dtype=torch.uint8, device="cuda")
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()  # compiles
    for _ in range(ROUNDS):
        for name, run in runs.items():
            flush.zero_()
            start, stop = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            run()
            stop.record()
            torch.cuda.synchronize()
            taken[name].append(start.elapsed_time(stop))
    return {name: statistics.median(times) for name, times in taken.items()}


def copied(torch: Any) -> float:
    """Bandwidth of a copy of a gibibyte, in GB/s, reads and writes counted."""
    given = torch.empty(1 << 28, dtype=torch.float32, device="cuda")
    into = torch.empty_like(given)
    return 2 * given.numel() * 4 / medians(torch, {"copy": lambda: into.copy_(given)})["copy"] / 1e6


def triton_softmax(torch: Any) -> Callable[[Any, Any], None] | None:
    """A softmax written by hand in Triton: one program per row, the row in registers."""
    try:
        import triton
        import triton.language as tl
    except ImportError:
        return None

    @triton.jit
    def rows(out, x, k, BLOCK: tl.constexpr):  # type: ignore[no-untyped-def]
        row = tl.program_id(0)
        at = tl.arange(0, BLOCK)
        z = tl.load(x + row * k + at, mask=at < k, other=-float("inf")).to(tl.float32)
        e = tl.exp(z - tl.max(z, 0))
        tl.store(out + row * k + at, e / tl.sum(e, 0), mask=at < k)

    def run(x: Any, out: Any) -> None:
        width = triton.next_power_of_2(x.shape[1])
        rows[(x.shape[0],)](out, x, x.shape[1], BLOCK=width, num_warps=max(1, min(32, width // 256)))

    return run


def tasks(torch: Any, gpu: Any, z: Any, t: Any) -> dict[str, tuple[int, dict[str, Run]]]:
    """Per task the bytes it must move and its competitors."""
    functional, held, grad = torch.nn.functional, z.detach().clone().requires_grad_(), torch.empty_like(z)
    value = torch.empty(len(z), device="cuda", dtype=z.dtype)
    kernel = torch.compile(lambda a: torch.softmax(a, 1), dynamic=False)
    loss = torch.compile(lambda a, b: functional.cross_entropy(a, b, reduction="none"), dynamic=False)
    logits, labels, values = z.numel() * z.element_size(), 8 * len(z), len(z) * z.element_size()

    def both(function: Callable[[Any, Any], Any]) -> None:
        held.grad = None
        function(held, t).sum().backward()

    soft: dict[str, Run] = {
        "own": lambda: gpu.run_map("softmax", z, grad),
        "eager": lambda: torch.softmax(z, 1, out=grad),
        "compile": lambda: kernel(z),
    }
    by_hand = triton_softmax(torch)
    if by_hand is not None:
        soft["triton"] = lambda: by_hand(z, grad)
    return {
        "softmax": (2 * logits, soft),
        "forward": (
            logits + labels + values,
            {
                "own": lambda: gpu.run_loss("comp_sum", z, t, value),
                "eager": lambda: functional.cross_entropy(z, t, reduction="none"),
                "compile": lambda: loss(z, t),
            },
        ),
        "forward+backward": (
            2 * logits + labels + values,
            {
                "own": lambda: gpu.run_loss("comp_sum", z, t, value, grad),
                "eager": lambda: both(lambda a, b: functional.cross_entropy(a, b, reduction="none")),
                "compile": lambda: both(loss),
            },
        ),
    }


def main() -> None:
    """Print the table and, per task, geometric means of the ratios to the best competitor."""
    try:
        import torch

        from losscheck.kernels.cuda import launch as gpu
    except ImportError as error:
        sys.exit(f"{error}; install losscheck[cuda] and torch with CUDA")
    if not torch.cuda.is_available():
        sys.exit("no GPU here; run this on a machine that has one")
    print(torch.cuda.get_device_name())
    correct(torch, gpu)
    copy = copied(torch)
    print(f"copy {copy:.0f} GB/s")
    ratios: dict[str, list[float]] = {}
    for n, k in SHAPES:
        z = 3 * torch.randn(n, k, device="cuda")
        t = torch.randint(0, k, (n,), device="cuda")
        for task, (moved, runs) in tasks(torch, gpu, z, t).items():
            times = medians(torch, runs)
            reached = moved / times["own"] / 1e6
            best = min(time for name, time in times.items() if name != "own")
            ratios.setdefault(task, []).append(best / times["own"])
            told = "  ".join(f"{name} {time:.3f}" for name, time in times.items())
            print(
                f"{task} {n}x{k} float32: {moved / 1e6:.1f} MB, {reached:.0f} GB/s, {reached / copy:.0%} of a copy; "
                f"ms: {told}; ratio {best / times['own']:.2f}",
                flush=True,
            )
    for task, kept in ratios.items():
        print(f"{task}: geometric mean {math.exp(statistics.mean(map(math.log, kept))):.2f}, lowest {min(kept):.2f}")


if __name__ == "__main__":
    main()
