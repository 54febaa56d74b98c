"""Write reports to a file; the suffix says in which form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from losscheck.reporting.json_text import as_json
from losscheck.reporting.report import Report, merge


def _json(reports: Sequence[Report]) -> str:
    return as_json(merge(reports))


def _html(reports: Sequence[Report]) -> str:
    from losscheck.reporting.page import page

    return page(reports)


def _markdown(reports: Sequence[Report]) -> str:
    from losscheck.reporting.markdown import as_markdown

    return as_markdown(reports)


def _text(reports: Sequence[Report]) -> str:
    from losscheck.reporting.terminal import as_text

    return as_text(reports)


def _sarif(reports: Sequence[Report]) -> str:
    from losscheck.reporting.sarif import as_sarif

    return as_sarif(reports)


def _junit(reports: Sequence[Report]) -> str:
    from losscheck.reporting.junit import as_junit

    return as_junit(reports)


def _latex(reports: Sequence[Report]) -> str:
    from losscheck.reporting.latex import as_latex

    return as_latex(reports)


FORMS: dict[str, Callable[[Sequence[Report]], str]] = {
    ".json": _json,
    ".html": _html,
    ".md": _markdown,
    ".txt": _text,
    ".sarif": _sarif,
    ".xml": _junit,
    ".tex": _latex,
}


def save(reports: Sequence[Report], path: str | Path) -> None:
    """Write ``reports`` to ``path``.

    Raises
    ------
    ValueError
        If the suffix of ``path`` is none of .json, .html, .md, .txt, .sarif, .xml (JUnit) and .tex.
    """
    path = Path(path)
    if path.suffix not in FORMS:
        raise ValueError(f"path={str(path)!r} has the suffix {path.suffix!r}; allowed: {', '.join(FORMS)}")
    path.write_text(FORMS[path.suffix](reports), encoding="utf-8")
