"""The id of a finding: which property, with which parameters, for how many classes, in which dtype.

``lipschitz[norm=l2]``, ``value_finite[float16]``, ``symmetric[K=4]``, ``psi_transform[theta=[0.1,0.5]]``. Parameters
come in alphabetical order and those that are None are left out; ``K`` is there only where several were asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

DTYPES = ("float64", "float32", "float16", "bfloat16")


class Identifier(NamedTuple):
    """The parts of a finding's id."""

    property: str
    params: dict[str, Any]
    n_classes: int | None
    dtype: str | None


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True)


def identifier(
    name: str, params: Mapping[str, Any] | None = None, *, n_classes: int | None = None, dtype: str | None = None
) -> str:
    """Return the id of a finding.

    >>> identifier("lipschitz", {"norm": "l2"}), identifier("symmetric", n_classes=4, dtype=None)
    ('lipschitz[norm=l2]', 'symmetric[K=4]')
    >>> identifier("recovers_probability", {"link": None})
    'recovers_probability'
    """
    parts = [f"{key}={_shown(value)}" for key, value in sorted((params or {}).items()) if value is not None]
    if n_classes is not None:
        parts.append(f"K={n_classes}")
    if dtype is not None:
        parts.append(dtype)
    return f"{name}[{','.join(parts)}]" if parts else name


def split_outside(text: str, separator: str) -> list[str]:
    """Split ``text`` at each ``separator`` that stands outside all brackets.

    >>> split_outside("convex,psi_transform[theta=[0.1,0.5]]", ",")
    ['convex', 'psi_transform[theta=[0.1,0.5]]']
    """
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "[({") - (letter in "])}")
        if letter == separator and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def parse_value(text: str) -> Any:
    """Read a parameter's value: JSON where it is JSON, else the text itself.

    >>> parse_value("0.5"), parse_value("[1,2]"), parse_value("l2"), parse_value("True")
    (0.5, [1, 2], 'l2', True)
    """
    if text in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[text]
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def parse_identifier(text: str) -> Identifier:
    """Read an id back into its parts.

    Raises
    ------
    ValueError
        If ``text`` is not ``name`` or ``name[key=value,...]``.

    >>> parse_identifier("topk_calibrated[k=2,K=4]")
    Identifier(property='topk_calibrated', params={'k': 2}, n_classes=4, dtype=None)
    """
    name, bracket, rest = text.strip().partition("[")
    if not name.isidentifier() or (bracket and not rest.endswith("]")):
        raise ValueError(
            f"{text!r} is not the id of a finding; write a name or name[key=value,...], such as lipschitz[norm=l2]"
        )
    params: dict[str, Any] = {}
    n_classes, dtype = None, None
    for part in split_outside(rest[:-1], ",") if bracket else []:
        key, equals, value = part.partition("=")
        if not equals and key in DTYPES:
            dtype = key
        elif equals and key == "K" and value.isdigit():
            n_classes = int(value)
        elif equals and key.isidentifier():
            params[key] = parse_value(value)
        else:
            raise ValueError(
                f"{part!r} in {text!r} is neither key=value nor a dtype ({', '.join(DTYPES)}); see losscheck list"
            )
    return Identifier(name, params, n_classes, dtype)
