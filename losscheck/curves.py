"""The curves a report draws of a lifted loss: the loss and, for classes, its risks, transforms and link.

Float values on a grid, for the eye: no verdict rests on them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted

POINTS = 161
ETAS = (0.1, 0.3, 0.5, 0.7, 0.9)
CLASSES = ("margin", "binary", "signed", "probability", "logits", "simplex")
"""Kinds with a label that is a class."""


def curves(lifted: Lifted) -> dict[str, Any]:
    """Charts ``{name: {title, x_label, y_label, series: [{name, x, y}]}}`` of one loss.

    Scores run along one line: the score itself, or that of the first class and its negative for the second (others
    0); probabilities along the edge between the first two classes. A regression loss is drawn over the prediction for
    three targets, a map by its first outputs; losses of pairs of vectors have no curve.
    """
    if lifted.kind == "regression":
        return {"loss": _chart("loss", "prediction", "loss", *_over_predictions(lifted))}
    if lifted.kind not in (*CLASSES, "map"):
        return {}
    x, label = _axis(lifted)
    per_label = evaluate(list(lifted.roots), _line(lifted, x))
    if lifted.kind == "map":
        outputs = {f"output {i}": y for i, y in enumerate(per_label[:3])}
        return {"map": _chart("map", label, "output", x, outputs)}
    positive, negative = _two_sides(lifted, per_label)
    risks = {eta: _risk(eta, positive, negative) for eta in ETAS}
    charts = {
        "loss": _chart("loss", label, "loss", x, _losses(lifted, per_label)),
        "conditional_risk": _chart(
            "conditional risk", label, "risk", x, {f"probability {eta}": risk for eta, risk in risks.items()}
        ),
    }
    return charts | _of_classes(x, label, positive, negative, 0.5 if lifted.domain in ("unit", "simplex") else 0.0)


def _of_classes(x: Any, label: str, positive: Any, negative: Any, middle: float) -> dict[str, Any]:
    """Charts over the probability of a class: what is lost on the wrong side, T and Gamma, the best risk, the link."""
    etas = np.linspace(0, 1, 2 * POINTS - 1)
    table = _risk(etas[:, None], positive, negative)
    best = table.min(axis=1)
    likelier = etas >= 0.5
    wrong = table[likelier][:, x <= middle].min(axis=1)
    gap = np.where(np.isfinite(wrong), wrong - best[likelier], np.nan)
    theta = 2 * etas[likelier] - 1
    name = "probability of the likelier class"
    # The sup of the t with T(t) <= s, as T need not grow everywhere.
    levels = np.linspace(0, np.nanmax(gap, initial=0.0), POINTS)
    inverse = np.array([np.max(theta[gap <= s], initial=0.0) for s in levels])
    # Minimisers at the end of the line lie beyond it, except for probabilities.
    at = table.argmin(axis=1)
    inner = np.isfinite(best) & ((middle == 0.5) | ((at > 0) & (at < len(x) - 1)))
    act = np.where(inner, _lowest(x, table, at), np.nan)
    return {
        "calibration_gap": _chart(
            "calibration gap along this line", name, "risk lost on the wrong side", etas[likelier], {"gap": gap}
        ),
        "transforms": {
            **_chart("T and Gamma along this line", "t, or s", "T(t), or Gamma(s)", theta, {"T": gap}),
            "series": [*_series(theta, {"T": gap}), *_series(levels, {"Gamma": inverse})],
        },
        "bayes_risk": _chart("Bayes risk", "probability of the class", "least risk", etas, {"least risk": best}),
        "link": _chart(
            "link: the best score",
            "probability of the class",
            label,
            etas,
            {"best": act},
        ),
    }


def _lowest(x: Any, table: Any, at: Any) -> Any:
    """Where each row is least: the vertex of the parabola through the least value and its neighbours."""
    rows, inside = np.arange(len(at)), np.clip(at, 1, len(x) - 2)
    before, here, after = (table[rows, inside + step] for step in (-1, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = 0.5 * (before - after) / (before - 2.0 * here + after)
    known = np.isfinite(shift) & (np.abs(shift) <= 0.5) & (inside == at)
    return x[at] + np.where(known, shift, 0.0) * (x[1] - x[0])


def _risk(eta: Any, positive: Any, negative: Any) -> Any:
    """Conditional risk; a label of probability 0 costs nothing, however large its loss."""
    with np.errstate(invalid="ignore"):
        parts = np.where(eta > 0, eta * positive, 0.0), np.where(eta < 1, (1 - eta) * negative, 0.0)
        total = parts[0] + parts[1]
    return np.where(np.isnan(total), np.inf, total)


def _axis(lifted: Lifted) -> tuple[Any, str]:
    if lifted.domain in ("unit", "simplex"):
        name = "probability of the first class" if lifted.n_classes else "probability"
        return np.linspace(0.0, 1.0, POINTS), name
    name = {
        "margin": "margin",
        **dict.fromkeys(("logits", "map"), "score of class 0, minus it for class 1"),
    }.get(lifted.kind, "score")
    return np.linspace(-4.0, 4.0, POINTS), name


def _over_predictions(lifted: Lifted) -> tuple[Any, dict[str, Any]]:
    """Predictions, and the loss there for three targets."""
    positive = "positive" in lifted.domain
    x = np.linspace(0.02, 4.0, POINTS) if positive else np.linspace(-4.0, 4.0, POINTS)
    targets = (0.5, 1.0, 2.0) if positive else (-1.0, 0.0, 1.0)
    at = [{"yhat": x, "y": np.full_like(x, y)} for y in targets]
    return x, {f"target {y:g}": evaluate(list(lifted.roots), each)[0] for y, each in zip(targets, at, strict=True)}


def _line(lifted: Lifted, x: Any) -> dict[str, Any]:
    at = {name: np.zeros_like(x) for name in lifted.variables}
    at[lifted.variables[0]] = x
    if lifted.n_classes is not None:
        at[lifted.variables[1]] = 1 - x if lifted.domain == "simplex" else -x
    return at


def _two_sides(lifted: Lifted, values: list[Any]) -> tuple[Any, Any]:
    """The loss when the label is the one that large x speaks for, and when it is the other."""
    if lifted.kind == "margin":
        return values[0], values[0][::-1]
    if lifted.labels[0] in (-1, 0) and lifted.n_classes is None:
        return values[1], values[0]
    return values[0], values[1]


def _losses(lifted: Lifted, values: list[Any]) -> dict[str, Any]:
    if lifted.kind == "margin":
        return {"loss": values[0]}
    shown = list(zip(lifted.labels, values, strict=True))[:3]
    return {f"label {label}": value for label, value in shown}


def _chart(title: str, x_label: str, y_label: str, x: Any, series: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "series": _series(x, series),
    }


def _series(x: Any, series: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "x": [float(f"{a:.6g}") for a in x[keep]], "y": [float(f"{b:.6g}") for b in y[keep]]}
        for name, y in series.items()
        if (keep := np.isfinite(y)).any()
    ]
