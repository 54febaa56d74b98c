"""``losscheck audit``: audit loss functions."""

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
    LatexFile,
    MarkdownFile,
    SarifFile,
    expect_folders,
    write,
)
from losscheck.cli.request_options import ALL_DTYPES, Classes, Dtypes, Effort, Properties, Seed, SignatureText
from losscheck.cli.running import run
from losscheck.exit_codes import USAGE, exit_code


@app.command()
def audit(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET",
            help="package.module:attr, path/file.py:attr or a name of the catalogue",
            autocompletion=completing.targets,
        ),
    ],
    kind: Annotated[
        str | None, typer.Option(help="one kind, or one per target: logits,binary", autocompletion=completing.kinds)
    ] = None,
    signature: SignatureText = None,
    classes: Classes = "3",
    params: Annotated[list[str] | None, typer.Option(metavar="K=V", help="keyword argument of the loss")] = None,
    claims: Annotated[list[str] | None, typer.Option(metavar="ID=CLAIM", help="convex=true, smoothness=[0,1]")] = None,
    waive: Annotated[
        list[str] | None, typer.Option(metavar="ID=REASON", help="report it, but never as an error")
    ] = None,
    properties: Properties = None,
    dtypes: Dtypes = ALL_DTYPES,
    device: Annotated[str, typer.Option(help="where torch puts the numbers: cpu, cuda, cuda:1")] = "cpu",
    effort: Effort = "ci",
    timeout: Annotated[float | None, typer.Option(help="seconds; makes the report not reproducible")] = None,
    seed: Seed = 0,
    strict: Annotated[bool, typer.Option("--strict", help="exit 3 when a claim stays undecided")] = False,
    json_: JsonFile = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    markdown: MarkdownFile = None,
    latex: LatexFile = None,
    github: GitHub = False,
) -> None:
    """Audit loss functions: prove or refute their properties, and try their code in every dtype.

    Exit codes: 0 fine, 1 a finding of severity error, 2 bad usage or an unreadable target, 3 an undecided claim under
    --strict, 4 an internal error.
    """
    from rich.console import Console

    from losscheck import arguments
    from losscheck.reporting.report import Report
    from losscheck.reporting.terminal import show

    console = Console(highlight=False)

    def shown(report: Report) -> Report:
        show(console, [report])
        return report

    try:
        files = {"json": json_, "html": html, "sarif": sarif, "junit": junit, "markdown": markdown, "latex": latex}
        expect_folders(files)
        asked = {
            "signature": signature,
            "n_classes": arguments.classes(classes),
            "params": arguments.params(params or []) or None,
            "claims": arguments.claims(claims or []) or None,
            "waive": arguments.pairs("--waive", waive or []) or None,
            "properties": arguments.properties(properties),
            "dtypes": tuple(dtypes.split(",")),
            "device": device,
            "effort": effort,
            "timeout": timeout,
            "seed": seed,
        }
        kinds = arguments.kinds(kind, len(targets))
        done = run([(target, {"kind": k, **asked}) for target, k in zip(targets, kinds, strict=True)], show=shown)
        write(done.reports, files, github=github)
    except BAD_USAGE as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
    raise typer.Exit(exit_code(done.reports, strict=strict, unusable=done.unusable, broken=done.broken))
