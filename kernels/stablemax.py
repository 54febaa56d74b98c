r"""StableMax cross-entropy of logits and a true class.

.. math:: s(x) = x + 1\ (x \ge 0), \quad \frac{1}{1 - x}\ (x < 0); \qquad
   \ell_y(x) = -\log \frac{s(x_y)}{\sum_k s(x_k)}

It is the cross-entropy of the logits ``sign(x) log(1 + |x|)``, whose slope is ``1 / (1 + |x|)`` on both sides: no
branch is differentiated where it is not taken, which makes the usual code NaN at x = 1.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once; special values
are those of ``cross_entropy``.

References
----------
.. [1] L. Prieto, M. Barsbey, P. A. M. Mediano, T. Birdal (2025). Grokking at the edge of numerical stability. ICLR.

>>> stablemax([[1.0, 0.0, -1.0]], [0])
array([0.55961579])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.log import log1p
from losscheck.kernels.passes.mapped_loss import mapped_loss
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any) -> Any:
    s = np.where(z >= 0, 1 + np.abs(z), 1 / (1 + np.abs(z)))
    return -np.log(at_label(s, y) / np.sum(s, axis=1))


@kernel(
    loss="-log(s(x_y) / sum_k s(x_k)), s(x) = x + 1 or 1 / (1 - x)",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4096.0},
)
@row_loss()
@mapped_loss
def stablemax(x: Any, z: Any, slope: Any) -> None:
    """Cross-entropy of StableMax."""
    for i in range(x.shape[0]):
        v: Any = np.float64(x[i])
        size = abs(v)
        width = log1p(size) if size < np.inf else size
        z[i] = -width if v < 0 else width
        slope[i] = 1.0 / (1.0 + size)
