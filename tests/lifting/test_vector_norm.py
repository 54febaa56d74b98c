"""The array API's norm of vectors is read in both libraries, and is the root of the sum of squares."""

import numpy as np
import pytest

from losscheck.catalogue import find
from losscheck.lifting.lifting import lift


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_euclidean_distance_is_a_root_of_squares(library):
    pytest.importorskip(library)
    norm = lift(find("euclidean").loss.function, kind="divergence", n_classes=3, backend=library)
    written = lift(lambda p, q: np.sqrt(np.sum((p - q) ** 2, axis=1)), kind="divergence", n_classes=3, backend="numpy")
    assert norm.roots == written.roots
