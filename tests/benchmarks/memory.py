"""Peak memory of the fused linear cross-entropy, forward and backward: python tests/benchmarks/memory.py [N V D].

Each side runs once in a process of its own on one thread; what counts is the largest resident set, less that of the
process with inputs and gradients in place. Seconds are those of the processor.
"""

import resource
import subprocess
import sys
import time

import numpy as np

SIZES = (4096, 128_256, 512)
SIDES = ("own", "own, filtered", "torch")


def peak() -> float:
    """Largest resident set so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def own(h: np.ndarray, w: np.ndarray, y: np.ndarray, threshold: float) -> tuple[float, float]:
    """Megabytes beyond inputs and gradients, and seconds."""
    from losscheck.kernel import kernels

    run = kernels()["linear_cross_entropy"].run
    run(h[:2], w[:9], y[:2] % 9, grad_hidden=np.empty_like(h[:2]), grad_weight=np.empty_like(w[:9]))  # compiles
    grads = np.zeros_like(h), np.zeros_like(w)
    for grad in grads:
        grad[...] = 1
    before, start = peak(), time.process_time()
    run(h, w, y, grad_hidden=grads[0], grad_weight=grads[1], scale=1 / len(h), threshold=threshold)
    return peak() - before, time.process_time() - start


def torch(h: np.ndarray, w: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The same for the layer and loss of torch; the gradients are given before."""
    import torch

    torch.set_num_threads(1)
    hidden, weight, t = torch.from_numpy(h), torch.from_numpy(w), torch.from_numpy(y)
    for x in (hidden, weight):
        x.requires_grad_()
        x.grad = torch.ones_like(x)
    torch.nn.functional.cross_entropy(hidden[:2] @ weight[:9].T, t[:2] % 9).backward()
    before, start = peak(), time.process_time()
    torch.nn.functional.cross_entropy(hidden @ weight.T, t).backward()
    return peak() - before, time.process_time() - start


def main(n: int, v: int, d: int, side: str | None) -> None:
    """Measure one side, or start all of them."""
    if side is None:
        for each in SIDES:
            words = [sys.executable, __file__, str(n), str(v), str(d), each]
            print(subprocess.run(words, check=True, capture_output=True, text=True).stdout, end="", flush=True)
        return
    rng = np.random.default_rng(0)
    h, w = rng.standard_normal((n, d), dtype=np.float32), rng.standard_normal((v, d), dtype=np.float32)
    h *= d**-0.5
    y = rng.integers(0, v, n)
    more, seconds = torch(h, w, y) if side == "torch" else own(h, w, y, 1e-6 if "filtered" in side else 0.0)
    whole = 4e-6 * n * v
    print(f"{side}: {more:.0f} MB beyond inputs and gradients, {seconds:.1f} s of processor; logits {whole:.0f} MB")


if __name__ == "__main__":
    sizes = tuple(int(word) for word in sys.argv[1:4]) or SIZES
    main(*sizes, sys.argv[4] if len(sys.argv) > 4 else None)
