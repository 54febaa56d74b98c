"""Write the gallery: one page per loss of the catalogue, and the matrix of losses by properties as its index.

Every page is one file that needs nothing else: no network, and no script but the matrix's own filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from losscheck.catalogue import entries, find
from losscheck.catalogue.entry import Entry
from losscheck.gallery.decided import Decided
from losscheck.gallery.formula import formula
from losscheck.gallery.ledger import line_of
from losscheck.gallery.plots import plots
from losscheck.identifier import parse_identifier
from losscheck.kernel import Kernel, kernels
from losscheck.reporting.chart import chart

LIMIT = 1_000_000
WORD = {"proved": "yes", "refuted": "no", "supported": "sup", "undecided": "?"}
"""What a cell of the matrix says of a verdict; other verdicts speak for themselves."""


GENERATED = frozenset({"margin", "binary", "signed", "logits"})
"""Kinds whose losses have a kernel made from their graph."""


def write(folder: Path, names: Iterable[str] | None = None, *, site: str | None = None) -> int:
    """Write the pages of all losses, or of ``names``, and the matrix; return how many files there are.

    ``site`` is the address of the site they belong to, as seen from the folder; every page links back to it.

    Raises
    ------
    KeyError
        When the catalogue has no loss of a name.
    ImportError
        When latex2mathml, of the extra ``docs``, is missing.
    """
    chosen = list(entries().values()) if names is None else [find(name) for name in names]
    folder.mkdir(parents=True, exist_ok=True)
    for made in chosen:
        (folder / f"{made.name}.html").write_text(page(made, site), encoding="utf-8")
    (folder / "index.html").write_text(matrix(site), encoding="utf-8")
    return len(chosen) + 1


def page(made: Entry, site: str | None = None) -> str:
    """Return the page of one loss."""
    return _render(
        "loss.html",
        site=site,
        made=made,
        formula=formula(made.formula),
        charts=[chart(plot) for plot in plots(made)],
        claims=[(claim, line_of(made.name, claim)) for claim in made.claims],
        kernel=_by_hand(made),
        generated=made.kind in GENERATED,
        snippet=f'"{made.name}"',
    )


def _by_hand(made: Entry) -> Kernel | None:
    named = (kernels().get(name) for name in (made.name, *made.aliases))
    return next((kernel for kernel in named if kernel), None)


def matrix(site: str | None = None) -> str:
    """Return the page of all losses by the properties that are claimed of any.

    Raises
    ------
    ValueError
        If it is larger than a page may be.
    """
    decided = {
        made.name: [line for claim in made.claims if (line := line_of(made.name, claim))] for made in entries().values()
    }
    columns = sorted({parse_identifier(line.finding).property for lines in decided.values() for line in lines})
    rows = [
        {
            "name": made.name,
            "kind": made.kind or "signature",
            "search": " ".join((made.name, made.title, made.family, *made.aliases)).lower(),
            "cells": _cells(decided[made.name], columns),
            "kernel": "by hand" if _by_hand(made) else "generated" if made.kind in GENERATED else "",
        }
        for made in entries().values()
    ]
    text = _render(
        "matrix.html",
        site=site,
        rows=rows,
        columns=columns,
        kinds=sorted({str(row["kind"]) for row in rows}),
        decided=sum(map(len, decided.values())),
    )
    if len(text.encode()) >= LIMIT:
        raise ValueError(f"the matrix has {len(text.encode())} bytes; it must stay below {LIMIT}: shorten its titles")
    return text


def _cells(lines: list[Decided], columns: list[str]) -> list[dict[str, str] | None]:
    by_property: dict[str, list[Decided]] = {}
    for line in lines:
        by_property.setdefault(parse_identifier(line.finding).property, []).append(line)
    return [_cell(by_property[column]) if column in by_property else None for column in columns]


def _cell(lines: list[Decided]) -> dict[str, str]:
    marks = [
        mark for line in lines for mark in (WORD.get(line.verdict, line.verdict), "!" * bool(line.disputed)) if mark
    ]
    texts = [f"{_said(line)}{' !' if line.disputed else ''}" for line in lines]
    titles = [f"{line.finding}{_at(line.params)}: {line.verdict}. {line.message}" for line in lines]
    return {
        "marks": " ".join(dict.fromkeys(marks)),
        "text": " ".join(dict.fromkeys(texts)),
        "title": "\n".join(titles),
    }


def _said(line: Decided) -> str:
    """Say the verdict in a word, or the number that was proved: that a constant exists is not worth a yes."""
    if line.verdict == "proved" and line.standing == "met" and isinstance(line.claim, float | int):
        return "yes" if isinstance(line.claim, bool) else f"{line.claim:.4g}"
    return WORD.get(line.verdict, line.verdict)


def _at(params: Mapping[str, Any]) -> str:
    return " at " + ", ".join(f"{name} = {value}" for name, value in params.items()) if params else ""


@cache
def _css() -> str:
    here = Path(__file__).parent
    report = here.parent / "reporting" / "page.css"
    return report.read_text(encoding="utf-8") + (here / "gallery.css").read_text(encoding="utf-8")


def _render(template: str, **values: Any) -> str:
    surroundings = Environment(
        loader=PackageLoader("losscheck.gallery", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return surroundings.get_template(template).render(css=_css(), **values)
