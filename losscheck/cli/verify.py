"""``losscheck verify``: check the certificates of a file again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from losscheck.cli.app import app, complain, read_json
from losscheck.exit_codes import FAILED, FINE, USAGE


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="a JSON report, or one certificate")]) -> None:
    """Verify every certificate in FILE with the independent verifier; exit 1 when one does not hold."""
    import losscheck
    from losscheck.reverify import reverify

    try:
        checked = list(reverify(read_json(file), losscheck.verify))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        complain(f"{file} is neither a report nor a certificate: {problem}")
        raise typer.Exit(USAGE) from None
    for each in checked:
        typer.echo(f"{'ok    ' if each.holds else 'FAILED'} {each.name}: {each.message}")
    failed = sum(not each.holds for each in checked)
    typer.echo(f"{len(checked) - failed} of {len(checked)} certificates verified")
    raise typer.Exit(FAILED if failed else FINE)
