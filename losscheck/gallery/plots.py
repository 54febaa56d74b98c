"""The plots of a loss of the catalogue: what a report draws of what was read, or plain values along a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.behaviour.sampling import sample
from losscheck.catalogue.entry import Entry
from losscheck.catalogue.forms import Form
from losscheck.curves import POINTS, curves
from losscheck.kinds import resolve_signature
from losscheck.lifting.unsupported import Unsupported

ALONG_A_LINE = frozenset({"margin", "binary", "signed", "probability", "logits", "simplex"})
"""Kinds whose curves a report draws."""


def plots(made: Entry) -> list[dict[str, Any]]:
    """Return the charts of an entry with its default parameters; none where its code could not be read."""
    if made.kind in _DRAWN:
        return [_DRAWN[made.kind](made)]
    if made.kind not in ALONG_A_LINE:
        return [_one_entry(made)]
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
    """Draw the loss of predictions for two targets, where both may be."""
    prediction = np.linspace(-4.0, 4.0, POINTS)
    lines = {f"target {target:g}": (prediction, np.full(POINTS, target)) for target in (0.0, 1.0)}
    return _chart("loss", "prediction", "loss", prediction, {name: _values(made, *at) for name, at in lines.items()})


def _divergence(made: Entry) -> dict[str, Any]:
    """Draw the divergence of two distributions over two classes from every other."""
    first = np.linspace(0.0, 1.0, POINTS)
    pairs = np.stack([first, 1 - first], axis=1)
    lines = {f"p = ({a:g}, {1 - a:g})": np.tile([a, 1 - a], (POINTS, 1)) for a in (0.5, 0.75)}
    values = {name: _values(made, p, pairs) for name, p in lines.items()}
    return _chart("divergence of p and q", "probability of the first class in q", "divergence", first, values)


def _map(made: Entry) -> dict[str, Any]:
    """Draw what a map makes of three scores, the first of them moving."""
    moving = np.linspace(-4.0, 4.0, POINTS)
    images = _values(made, np.stack([moving, np.zeros(POINTS), np.full(POINTS, 0.5)], axis=1))
    values = {f"class {k}": images[:, k] for k in range(3)} if images.ndim == 2 else {"value": images}
    return _chart("the image of (x, 0, 1/2)", "x", "value", moving, values)


def _one_entry(made: Entry) -> dict[str, Any]:
    """Draw the values at drawn arguments while one number of the first moves: the sum of a batch, or some outputs."""
    signature = resolve_signature(made.kind, made.signature)
    arguments = sample(signature, 0, 3)
    moved = signature.floats[0]
    logs = moved.domain == "logsimplex"
    low, high = _ENDS.get(moved.domain, (-4.0, 4.0))
    moving, rows = np.linspace(low, high, POINTS), []
    for x in moving:
        here: Any = np.exp(arguments[moved.name]) if logs else np.array(arguments[moved.name], dtype=float)
        first = (0,) * here.ndim
        here[first] = x
        if "simplex" in moved.domain:  # the other entries keep their shares of what is left
            rest = here[(*first[:-1], slice(1, None))]
            here[(*first[:-1], slice(1, None))] = rest / rest.sum() * (1 - x)
        rows.append(_values(made, *{**arguments, moved.name: np.log(here) if logs else here}.values()))
    values = np.stack(rows)
    if values.ndim > 2:
        outputs = values.reshape(POINTS, values.shape[1], -1)[:, 0, :3]
        lines = {f"output {i}": outputs[:, i] for i in range(outputs.shape[1])}
    else:
        lines = {"sum over the rows": values.reshape(POINTS, -1).sum(axis=1)}
    return _chart("one number moves, the rest stays", f"first entry of {moved.name}", "value", moving, lines)


def _values(made: Entry, *arguments: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.asarray(made.loss(*arguments), dtype=float)


def _chart(title: str, x_label: str, y_label: str, x: Any, lines: dict[str, Any]) -> dict[str, Any]:
    series = [{"name": name, "x": x.tolist(), "y": [float(f"{v:.6g}") for v in y]} for name, y in lines.items()]
    return {"title": title, "x_label": x_label, "y_label": y_label, "series": series}


_ENDS = {
    "unit": (0.0, 1.0), "(0,1)": (0.01, 0.99), "[-1,1]": (-1.0, 1.0), "positive": (0.05, 4.0),
    "simplex": (0.0, 0.99), "simplex+": (0.01, 0.99), "logsimplex": (0.01, 0.99),
}  # fmt: skip
_DRAWN = {"regression": _regression, "divergence": _divergence, "map": _map}
