"""What holds in which float format, and at which input it does not: a row per property, a column per format."""

from __future__ import annotations

from typing import Any, NamedTuple

from losscheck.finding import Finding
from losscheck.identifier import DTYPES
from losscheck.reporting.lines import MARK
from losscheck.reporting.report import RANK, Report
from losscheck.verdict import Verdict

MOST = 3
"""Numbers of a threshold that are shown; the finding has them all."""


class Cell(NamedTuple):
    """One property in one format: the verdict in words, how severe it is, and where it breaks."""

    mark: str
    style: str
    threshold: str


def dtype_matrix(report: Report) -> tuple[list[str], list[tuple[str, list[Cell | None]]]]:
    """Return the formats, and for each property asked by format its cells; None where nothing was said.

    >>> dtype_matrix(Report("mine.py:loss", ()))
    ([], [])
    """
    said = [finding for finding in report.findings if finding.dtype is not None]
    formats = [each for each in DTYPES if any(finding.dtype == each for finding in said)]
    rows: list[tuple[str, list[Cell | None]]] = []
    for name in dict.fromkeys(finding.property for finding in said):
        cells: list[Cell | None] = []
        for dtype in formats:
            found = [finding for finding in said if (finding.property, finding.dtype) == (name, dtype)]
            worst = min(found, key=lambda finding: RANK[finding.severity], default=None)
            cells.append(None if worst is None else _cell(worst))
        rows.append((name, cells))
    return formats, rows


def _cell(finding: Finding) -> Cell:
    where = threshold(finding.witness) if finding.verdict is Verdict.REFUTED else ""
    return Cell(MARK[finding.verdict], f"{finding.verdict} {finding.severity}", where)


def threshold(witness: Any) -> str:
    """Return the first input of a witness in a few digits, "" where the witness has another form.

    >>> threshold({"inputs": {"z": {"shape": [1], "values": ["0x1.62e43p+6"]}, "y": {"shape": [1], "values": [0]}}})
    'z = 88.7228'
    """
    inputs = witness.get("inputs") if isinstance(witness, dict) else None
    if not isinstance(inputs, dict) or not inputs:
        return ""
    name, array = next(iter(inputs.items()))
    values = array.get("values") if isinstance(array, dict) else None
    if not isinstance(values, list) or not values:
        return ""
    shown = [f"{each:.6g}" if (each := _number(value)) is not None else str(value)[:20] for value in values[:MOST]]
    return f"{name} = {', '.join(shown)}{', ...' * (len(values) > MOST)}"


def _number(value: Any) -> float | None:
    try:
        return float.fromhex(value) if isinstance(value, str) else float(value)
    except (ValueError, TypeError, OverflowError):
        return None
