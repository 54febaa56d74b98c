"""Cost of a training step under the Z-loss against the number of classes D: python tests/benchmarks/spherical.py.

The spherical update touches one row of the output layer, so its step costs O(d^2) whatever D; the ordinary step forms D
logits and updates all rows. Fewest milliseconds of the processor over the repetitions, both interleaved.
"""

import time
from collections.abc import Callable

import numpy as np

from losscheck.kernel import kernels
from losscheck.kernels.passes.spherical_output import SphericalOutput, z_slopes

UNITS, REPETITIONS = 256, 15
CLASSES = (1000, 10_000, 100_000, 300_000)


def fewest(run: Callable[[], object]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        run()
        taken.append(1e3 * (time.process_time() - start))
    return min(taken)


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(0)
    z_loss = kernels()["z_loss"].run
    for classes in CLASSES:
        w = 0.05 * rng.standard_normal((classes, UNITS))
        layer, h, grad = SphericalOutput(w), rng.standard_normal(UNITS), np.empty((1, classes))

        def ordinary(w: np.ndarray = w, h: np.ndarray = h, grad: np.ndarray = grad) -> None:
            z_loss((w @ h)[None], [7], 0.1, 10.0, grad=grad)
            w -= 1e-6 * grad.T * h

        spherical = fewest(lambda layer=layer, h=h: layer.step(h, 7, 1e-6, z_slopes))  # type: ignore[misc]
        print(
            f"D = {classes}, d = {UNITS}: spherical {spherical:.2f} ms, ordinary {fewest(ordinary):.2f} ms", flush=True
        )


if __name__ == "__main__":
    main()
