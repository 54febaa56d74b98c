"""``losscheck list``: the properties, or the losses of the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from losscheck.cli import completing
from losscheck.cli.app import app, complain
from losscheck.exit_codes import USAGE
from losscheck.kinds import KINDS


@app.command("list")
def list_names(
    kind: Annotated[
        str | None, typer.Option(help="only what is asked of this kind", autocompletion=completing.kinds)
    ] = None,
    losses: Annotated[bool, typer.Option("--losses", help="list the losses of the catalogue instead")] = False,
    claims: Annotated[
        str | None, typer.Option(metavar="LOSS", help="list what is claimed of a loss, with verdicts, instead")
    ] = None,
) -> None:
    """List the properties, theory first; with --losses the losses of the catalogue, with --claims the claims of one."""
    from losscheck.explaining import claims_listing, listing, losses_listing

    if kind is not None and kind not in KINDS:
        complain(f"--kind {kind!r} is not a kind; kinds are {', '.join(KINDS)}")
        raise typer.Exit(USAGE)
    if claims is not None:
        try:
            typer.echo(claims_listing(claims))
        except KeyError as problem:
            complain(problem.args[0])
            raise typer.Exit(USAGE) from None
        return
    typer.echo(losses_listing(kind) if losses else listing(kind))
