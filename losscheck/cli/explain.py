"""``losscheck explain``: the documentation of a property or of a loss of the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from losscheck.cli import completing
from losscheck.cli.app import app, complain
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
) -> None:
    """Print the documentation of a property (its statement, what each verdict means, references) or of a loss."""
    from losscheck.explaining import explanation

    try:
        typer.echo(explanation(name))
    except ValueError as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
