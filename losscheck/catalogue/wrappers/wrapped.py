"""What every wrapper asks of the loss it is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from array_api_compat import array_namespace

from losscheck.loss import Loss, as_loss, infer_kind


def inner_loss(loss: Any, kinds: tuple[str, ...], wrapper: str) -> Loss:
    """Return ``loss`` (a `Loss`, a callable, the name of an entry) with its kind, which must be one of ``kinds``.

    Raises
    ------
    ValueError
        Naming the kinds the wrapper takes.
    """
    inner = as_loss(loss)
    kind = inner.kind or infer_kind(inner.function)
    if kind not in kinds:
        raise ValueError(
            f"{wrapper} takes a loss of kind {' or '.join(kinds)}; {inner.name} is of kind {kind}. Give "
            "losscheck.Loss(function, kind=...) where the kind is only missing"
        )
    return dataclasses.replace(inner, kind=kind)


def outer_loss(function: Callable[..., Any], label: str, kind: str | None, signature: str | None = None) -> Loss:
    """Return the wrapped loss, with no claims: what wrapping preserves is for the audit to find."""
    return Loss(function, kind=kind, signature=signature, label=label)


def every_label(loss: Loss, z: Any, y: Any) -> Any:
    """Return l(z_i, k) for every row i and class k, shape (N, K), of a loss that returns one number a row."""
    xp = array_namespace(z)
    return xp.stack([loss(z, xp.full_like(y, k)) for k in range(z.shape[1])], axis=1)
