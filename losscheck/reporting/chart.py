"""A line chart as inline SVG, drawn by hand: no script, no network, readable in black and white (dashes)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from losscheck.plain import numbers

WIDTH, HEIGHT = 460, 280
_LEFT, _RIGHT, _TOP, _BOTTOM, _ROW = 58, 12, 26, 46, 15
_POINTS = 240  # more than the chart has columns to show apart


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about ``count`` round numbers that cover ``[low, high]`` from inside.

    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next((m for m in (1, 2, 5) if m * power >= raw * 0.999), 10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12 - math.floor(math.log10(step))) for k in range(first, last + 1)]


def _pairs(series: Mapping[str, Any]) -> list[tuple[float, float]]:
    xs, ys = numbers(list(series["x"])), numbers(list(series["y"]))
    stride = max(1, math.ceil(len(xs) / _POINTS))
    pairs = list(zip(xs, ys, strict=True))
    return [(float(x), float(y)) for x, y in [*pairs[:-1:stride], *pairs[-1:]]]


def _runs(pairs: list[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches of finite points: a line must not jump over an infinity."""
    run: list[tuple[float, float]] = []
    for x, y in pairs:
        if math.isfinite(x) and math.isfinite(y):
            run.append((x, y))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):  # a flat line sits in the middle
        room = max(abs(low), 1.0) / 2
        return low - room, high + room
    return low, high


def _legend(names: list[str]) -> tuple[list[Markup], float]:
    """Return the names, each with a piece of its own line, in rows under the title, and where the rows end."""
    parts, x, y = [], float(_LEFT), _TOP
    for number, name in enumerate(names):
        width = 34 + 6 * min(len(name), 60)  # 11 px letters are about 6 px wide
        if x > _LEFT and x + width > WIDTH - _RIGHT:
            x, y = float(_LEFT), y + _ROW
        key = Markup('<path class="line s{}" d="M{} {}h18"/><text x="{}" y="{}">{}</text>')
        parts.append(key.format(number % 6, x, y + 6, x + 23, y + 10, name))
        x += width
    return parts, y + _ROW + 4


def chart(plot: Mapping[str, Any]) -> Markup:
    """Return the SVG of ``{"title", "x_label", "y_label", "series": [{"name", "x", "y"}]}``.

    Raises
    ------
    ValueError
        If a series has not as many x as y.
    """
    lines = [(str(series["name"]), list(_runs(_pairs(series)))) for series in plot["series"]]
    points = [point for _, runs in lines for run in runs for point in run]
    legend, top = _legend([name for name, _ in lines])
    height = HEIGHT + round(top) - _TOP - _ROW  # more rows of names make it taller, the lines keep their room
    head = Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><text class="title" x="{}" y="18">{}</text>'
    ).format(WIDTH, height, plot["title"], _LEFT, plot["title"])
    if not points:
        return head + Markup('<text x="{}" y="{}">no finite point</text></svg>').format(_LEFT, height // 2)
    (x0, x1), (y0, y1) = _span([x for x, _ in points]), _span([y for _, y in points])

    def across(x: float) -> float:
        return round(_LEFT + (x - x0) / (x1 - x0) * (WIDTH - _LEFT - _RIGHT), 1)

    def down(y: float) -> float:
        return round(height - _BOTTOM - (y - y0) / (y1 - y0) * (height - top - _BOTTOM), 1)

    parts = [head, *legend]
    for x in ticks(x0, x1):
        parts.append(Markup('<path class="grid" d="M{0} {1}V{2}"/>').format(across(x), top, height - _BOTTOM))
        parts.append(
            Markup('<text class="tick" x="{}" y="{}">{}</text>').format(across(x), height - _BOTTOM + 14, f"{x:g}")
        )
    for y in ticks(y0, y1):
        parts.append(Markup('<path class="grid" d="M{0} {1}H{2}"/>').format(_LEFT, down(y), WIDTH - _RIGHT))
        parts.append(Markup('<text class="tick end" x="{}" y="{}">{}</text>').format(_LEFT - 5, down(y) + 4, f"{y:g}"))
    for number, (name, runs) in enumerate(lines):
        path = "".join("M" + "L".join(f"{across(x)} {down(y)}" for x, y in run) for run in runs)
        parts.append(Markup('<path class="line s{}" d="{}"><title>{}</title></path>').format(number % 6, path, name))
    labels = (
        ("label", WIDTH // 2, height - 8, plot["x_label"], ""),
        ("label", 14, height // 2, plot["y_label"], " up"),
    )
    parts += [
        Markup('<text class="{}{}" x="{}" y="{}">{}</text>').format(kind, turn, x, y, text)
        for kind, x, y, text, turn in labels
    ]
    return Markup("").join(parts) + Markup("</svg>")
