"""The plots of a loss of the catalogue: what a report draws of what was read, or plain values of a regression loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.catalogue.entry import Entry
from losscheck.catalogue.forms import Form
from losscheck.curves import POINTS, curves
from losscheck.lifting.unsupported import Unsupported

ALONG_A_LINE = frozenset({"margin", "binary", "signed", "probability", "logits", "simplex"})
"""Kinds whose curves a report draws."""


def plots(made: Entry) -> list[dict[str, Any]]:
    """Return the charts of an entry with its default parameters; none where a line says nothing about it."""
    if made.kind == "regression":
        return [_regression(made)]
    if made.kind not in ALONG_A_LINE:
        return []
    from losscheck.lifting.lifting import lift

    try:
        lifted = lift(
            Form(made.function, np),
            kind=made.kind,
            n_classes=3,
            params=dict(made.loss.params),
            signature=made.signature,
        )
    except Unsupported:  # the ledger says so of each claim
        return []
    return list(curves(lifted).values())


def _regression(made: Entry) -> dict[str, Any]:
    """Draw the loss of predictions for one target, where both may be."""
    prediction = np.linspace(-4.0, 4.0, POINTS)
    series = []
    for target in (0.0, 1.0):
        with np.errstate(all="ignore"):
            values = np.asarray(made.loss(prediction, np.full(POINTS, target)), dtype=float)
        series.append(
            {"name": f"target {target:g}", "x": prediction.tolist(), "y": [float(f"{v:.6g}") for v in values]}
        )
    return {"title": "loss", "x_label": "prediction", "y_label": "loss", "series": series}
