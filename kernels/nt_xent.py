r"""NT-Xent loss of the similarities of two views of a batch: 2N rows, row i matching row i + N.

.. math:: \ell_i(S) = -\log \frac{e^{S_{i, \pi(i)} / T}}{\sum_{j \ne i} e^{S_{ij} / T}}, \qquad
   \pi(i) = i + N \bmod 2N

The diagonal is left out, and its gradient is 0. Values, gradients, dtypes and special values are those of ``info_nce``.

References
----------
.. [1] T. Chen, S. Kornblith, M. Norouzi, G. Hinton (2020). A simple framework for contrastive learning of visual
   representations. ICML.

>>> nt_xent([[9.0, 1.0], [1.0, 9.0]], 0.5)
array([0., 0.])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.contrast import contrast
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, temperature: float = 0.5) -> Any:
    return -at_label(log_softmax(z / temperature), y)  # of the row without its diagonal, at the matching row


@kernel(
    loss="-log softmax over j != i of (S_ij / T) at i + N mod 2 N",
    plain=_plain,
    shape="batch",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 65536.0},
)
def nt_xent(
    similarities: Any,
    temperature: float = 0.5,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """NT-Xent per row, shape (2N,), of similarities (2N, 2N).

    Raises
    ------
    TypeError
        For similarities of a dtype that is not allowed.
    ValueError
        For a matrix that is not square of even size, a temperature that is not positive, and buffers of the wrong shape
        or dtype.
    """
    shape = np.shape(similarities)
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] % 2:
        raise ValueError(f"similarities have shape {shape}; give (2 N, 2 N): two views of N examples")
    true = np.roll(np.arange(shape[0]), shape[0] // 2)
    return contrast(similarities, true, temperature, True, out, grad, scale, threads)
