"""The forms a command can write its reports in, as options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from losscheck.reporting.report import Report

JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="write the report as JSON")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="write the report as one HTML page")]
SarifFile = Annotated[Path | None, typer.Option("--sarif", metavar="FILE", help="write SARIF 2.1.0 for code scanning")]
JunitFile = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="write JUnit XML")]
MarkdownFile = Annotated[
    Path | None, typer.Option("--markdown", metavar="FILE", help='write Markdown: "$GITHUB_STEP_SUMMARY"')
]
LatexFile = Annotated[
    Path | None, typer.Option("--latex", metavar="FILE", help="write LaTeX: theorems with proof sketches")
]
GitHub = Annotated[bool, typer.Option("--github", help="print annotations for GitHub Actions")]

FORM = {"json": ".json", "html": ".html", "sarif": ".sarif", "junit": ".xml", "markdown": ".md", "latex": ".tex"}
"""The option that names a file, and the suffix that `losscheck.reporting.saving` knows its form by."""


def expect_folders(files: Mapping[str, Path | None]) -> None:
    """Check, before anything is audited, that every file asked for can be made.

    Raises
    ------
    ValueError
        Naming the option and the folder that does not exist, or the folder that stands in the file's place.
    """
    for option, path in files.items():
        if path is not None and path.is_dir():
            raise ValueError(f"--{option} {path} is a folder; give the name of a file in it")
        if path is not None and not path.absolute().parent.is_dir():
            raise ValueError(f"--{option} {path}: there is no folder {path.parent}; make it, or name another file")


def write(reports: Sequence[Report], files: Mapping[str, Path | None], *, github: bool = False) -> None:
    """Write the reports to every file asked for, and the annotations to standard output.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    from losscheck.reporting.github import as_annotations
    from losscheck.reporting.saving import FORMS

    for option, path in files.items():
        if path is not None and reports:
            path.write_text(FORMS[FORM[option]](reports), encoding="utf-8")
    if github:
        typer.echo(as_annotations(reports), nl=False)
