r"""Unhinged loss of a margin.

.. math:: \ell(v) = 1 - v

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives -inf.

References
----------
.. [1] B. van Rooyen, A. Menon, R. C. Williamson (2015). Learning with symmetric label noise: the importance of being
   unhinged. NIPS.

>>> unhinged([-1.0, 3.0])
array([ 2., -2.])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return 1 - v


@kernel(
    loss="1 - v",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def unhinged(v: Any, value: Any, slope: Any) -> None:
    """Unhinged loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        value[i] = 1.0 - x
        if slope is not None:
            slope[i] = -1.0 if x == x else x
