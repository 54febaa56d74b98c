r"""A user's own binary focal loss in torch, written the obvious way.

.. math:: \ell(z, y) = (1 - p_t)^\gamma (-\log p_t), \qquad p_t = y \sigma(z) + (1 - y)(1 - \sigma(z))

Over the reals it is fine. In floats ``sigmoid`` rounds to 0 or 1 and the logarithm of 0 is infinite.

References
----------
.. [1] T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollar (2017). Focal loss for dense object detection. ICCV.
"""

import torch


def focal(z: torch.Tensor, y: torch.Tensor, gamma: float = 2.0) -> torch.Tensor:
    """Return the focal loss of each row: ``z`` a logit, ``y`` its label, 0 or 1."""
    p = torch.sigmoid(z)
    pt = torch.where(y == 1, p, 1 - p)
    return (1 - pt) ** gamma * -torch.log(pt)
