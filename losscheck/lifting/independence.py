"""Whether a batch is its rows: what a loss gives for several rows at once, in terms of what it gives for each."""

from __future__ import annotations

import numpy as np

from losscheck.lifting.backend import Runner, where
from losscheck.lifting.calls import Label
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.unsupported import Mismatch

TOLERANCE = 1e-9
"""Relative to the largest row: a reduction rounds, and may use another order or a vector unit."""


def check_far_rows(runner: Runner, label: Label, points: Floats, rows: Floats, widths: Floats) -> None:
    """Check that rows far out leave those near 0 alone, as they would not if one of them decided for the whole batch.

    Each value is compared on its own scale, so a loss that reduces its batch is left to :func:`check_rows`.

    Raises
    ------
    Mismatch
        When a row is another one in company.
    """
    size = np.abs(points).max(axis=1)
    order = np.argsort(size, kind="stable")
    chosen = np.unique(np.concatenate([order[:2], order[len(order) // 2 :][:2], order[-2:]]))
    got, alone = runner(points[chosen], label), rows[chosen]
    if got.size != alone.size or len(chosen) < 2:
        return
    got = got.reshape(alone.shape)
    gap = np.where(
        np.isfinite(got), np.abs(got - alone), 0.0
    )  # a maximum of the whole batch may leave rows to underflow
    if not np.all(gap <= TOLERANCE * np.abs(alone) + 4 * widths[chosen, None]):
        raise Mismatch(
            f"rows interact: {len(chosen)} rows with values {alone.reshape(-1).tolist()} have the values "
            f"{got.reshape(-1).tolist()} in one batch",
            "",
        )


def check_rows(runner: Runner, label: Label, points: Floats, rows: Floats, rounding: float = 0.0) -> str:
    """Return "none", "mean" or "sum": how the code reduces a batch of these rows.

    Raises
    ------
    Mismatch
        When the batch is none of these: the rows interact.
    """
    if len(points) < 2 or not np.isfinite(rows).all():
        return "none"
    try:
        got = runner(points, label)
    except Exception as error:
        raise Mismatch(
            f"the loss takes one row but raises {type(error).__name__} on a batch of {len(points)}: {error}",
            where(error),
        ) from error
    tolerance = TOLERANCE * max(1e-300, float(np.max(np.abs(rows)))) + 4 * rounding
    flat = rows.reshape(-1)
    if got.size == flat.size and np.all(np.abs(got - flat) <= tolerance):
        return "none"
    if got.size == rows.shape[1]:
        for name, reduced in (("mean", rows.mean(axis=0)), ("sum", rows.sum(axis=0))):
            if np.all(np.abs(got - reduced) <= tolerance * len(points)):
                return name
    raise Mismatch(
        f"rows interact: for {len(points)} rows with values {np.round(flat, 6).tolist()} the loss gives "
        f"{np.round(got, 6).tolist()[:6]}, which are not those values, nor their mean or sum",
        "",
    )
