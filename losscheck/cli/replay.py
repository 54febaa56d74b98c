"""``losscheck replay``: see whether a finding still stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from losscheck.cli.app import BAD_USAGE, app, complain, read_json
from losscheck.exit_codes import FAILED, FINE, USAGE


@app.command()
def replay(
    name: Annotated[str, typer.Argument(metavar="ID", help="the replay id or the id of a finding")],
    report: Annotated[Path, typer.Option("--from", metavar="REPORT", help="the JSON report that has it")],
) -> None:
    """Run the stored input, or verify the stored counterexample, of one finding against the code of now.

    FIXED (exit code 0): it no longer breaks, and an audit of the property finds nothing either. FAILED (1): it still
    does. ERROR (2): it could not be decided.
    """
    from losscheck.replaying import Replay, find
    from losscheck.replaying import replay as again
    from losscheck.reporting.report import split

    try:
        where, finding = find(split(read_json(report)), name)
        done = again(where, finding)
    except (*BAD_USAGE, AttributeError, RecursionError) as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
    typer.echo(f"{done.state} {where.target} {finding.id}: {done.message}")
    raise typer.Exit({Replay.FIXED: FINE, Replay.FAILED: FAILED, Replay.ERROR: USAGE}[done.state])
