"""Plain data as JSON text with one line per key and one per finding: small, and two reports differ line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def _compact(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def as_json(data: Mapping[str, Any]) -> str:
    """Return ``data`` as JSON text; lists of objects get one line per object.

    >>> print(as_json({"schema": 1, "findings": [{"id": "convex"}, {"id": "proper"}]}), end="")
    {
    "schema":1,
    "findings":[
    {"id":"convex"},
    {"id":"proper"}
    ]
    }
    """
    lines = []
    for key, value in data.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            shown = "[\n" + ",\n".join(map(_compact, value)) + "\n]"
        else:
            shown = _compact(value)
        lines.append(f"{_compact(key)}:{shown}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
