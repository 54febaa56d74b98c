"""``losscheck report``: write a JSON report in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from losscheck.cli.app import BAD_USAGE, app, complain, read_json
from losscheck.exit_codes import USAGE


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="a JSON report")],
    output: Annotated[Path, typer.Option("-o", "--output", help="FILE.html, .md, .txt, .json, .sarif or .xml (JUnit)")],
) -> None:
    """Write a JSON report in another form; the suffix of the output picks it."""
    from losscheck.reporting.report import split
    from losscheck.reporting.saving import save

    data = read_json(file)
    try:
        save(split(data), output)
    except (*BAD_USAGE, AttributeError, RecursionError) as problem:
        complain(f"cannot write {file} as {output}: {problem}")
        raise typer.Exit(USAGE) from None
