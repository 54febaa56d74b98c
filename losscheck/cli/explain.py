"""``losscheck explain``: the documentation of a property or of a loss of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from losscheck.cli import completing
from losscheck.cli.app import app, complain, read_json
from losscheck.exit_codes import USAGE


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            help="a property, the id of a finding, or a loss of the catalogue",
            autocompletion=completing.property_names,
        ),
    ],
    file: Annotated[
        Path | None, typer.Option("--from", metavar="REPORT", help="a JSON report: print the proof of its finding NAME")
    ] = None,
) -> None:
    """Print the documentation of a property (its statement, what each verdict means, references) or of a loss.

    With --from the proof of a finding: the lemmas its certificate uses, their hypotheses, and the exact numbers.
    """
    from losscheck.explaining import explanation, proofs

    try:
        typer.echo(explanation(name) if file is None else proofs(read_json(file), name))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
