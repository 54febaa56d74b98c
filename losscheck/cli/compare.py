"""``losscheck compare``: hold one implementation of a loss to another."""

from __future__ import annotations

from typing import Annotated

import typer

from losscheck.cli import completing
from losscheck.cli.app import BAD_USAGE, app, complain
from losscheck.cli.output_files import (
    GitHub,
    HtmlFile,
    JsonFile,
    JunitFile,
    MarkdownFile,
    SarifFile,
    expect_folders,
    write,
)
from losscheck.cli.request_options import ALL_DTYPES, Dtypes, Effort, Seed, SignatureText
from losscheck.exit_codes import USAGE, exit_code


@app.command()
def compare(
    impl: Annotated[str, typer.Argument(metavar="A", help="the loss under test: module:attr or path/file.py:attr")],
    reference: Annotated[str, typer.Argument(metavar="B", help="the loss it is held to")],
    kind: Annotated[str | None, typer.Option(help="such as logits", autocompletion=completing.kinds)] = None,
    signature: SignatureText = None,
    classes: Annotated[int, typer.Option(help="number of classes")] = 3,
    params: Annotated[list[str] | None, typer.Option(metavar="K=V", help="keyword argument of both")] = None,
    dtypes: Dtypes = ALL_DTYPES,
    max_ulp: Annotated[
        float | None, typer.Option(help="largest difference that is none; default half the digits")
    ] = None,
    effort: Effort = "ci",
    seed: Seed = 0,
    json_: JsonFile = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    markdown: MarkdownFile = None,
    github: GitHub = False,
) -> None:
    """Compare two implementations of one loss: any difference a caller could notice is an error (exit code 1)."""
    import losscheck
    from losscheck import arguments

    try:
        files = {"json": json_, "html": html, "sarif": sarif, "junit": junit, "markdown": markdown}
        expect_folders(files)
        report = losscheck.compare(
            impl,
            reference,
            kind=kind,
            signature=signature,
            n_classes=classes,
            params=arguments.params(params or []) or None,
            dtypes=tuple(dtypes.split(",")),
            max_ulp=max_ulp,
            effort=effort,
            seed=seed,
        )
        typer.echo(str(report))
        write([report], files, github=github)
    except BAD_USAGE as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
    raise typer.Exit(exit_code([report], strict=False, unusable=False, broken=False))
