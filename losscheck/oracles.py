"""The oracle: correctly rounded values and gradients of a loss, for the tests of other implementations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from losscheck.rounding.oracle import Oracle


def oracle(
    loss: Any,
    *,
    kind: str | None = None,
    signature: str | None = None,
    n_classes: int = 3,
    params: Mapping[str, Any] | None = None,
) -> Oracle:
    """Return the oracle of a loss whose code can be read (`losscheck.lift`).

    Parameters
    ----------
    loss
        A callable, a module, a target or a `losscheck.Loss`.
    kind, signature, n_classes, params
        As for `losscheck.audit`; a signature alone is enough where it is that of a kind.

    Raises
    ------
    ValueError
        When no kind is known.
    Unsupported
        When the code cannot be read.

    Examples
    --------
    >>> import numpy as np
    >>> squared = oracle(lambda yhat, y: (yhat - y) ** 2, kind="regression")
    >>> squared.value(np.array([0.1]), np.array([0.3]), dtype="float16").tolist()
    [0.040008544921875]
    """
    return Oracle.of(loss, kind=kind, signature=signature, n_classes=n_classes, params=params)
