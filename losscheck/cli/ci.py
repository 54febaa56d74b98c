"""``losscheck ci``: audit what pyproject.toml names, and judge the result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from losscheck.cli.app import BAD_USAGE, app, complain, read_json
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
from losscheck.cli.running import run
from losscheck.exit_codes import USAGE, exit_code


@app.command()
def ci(
    config: Annotated[Path, typer.Option(metavar="FILE", help="where [tool.losscheck] stands")] = Path(
        "pyproject.toml"
    ),
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a JSON report; fail only on what is worse than there")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write the findings of this run, ungated, as a baseline")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="exit 3 when a claim stays undecided")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="print the JSON Schema of [tool.losscheck]")] = False,
    json_: JsonFile = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    markdown: MarkdownFile = None,
    latex: LatexFile = None,
    github: GitHub = False,
) -> None:
    """Audit every target of [tool.losscheck] in pyproject.toml; paths there are relative to it.

    Exit codes as for audit. With a baseline, what it already has is reported, but does not fail.
    """
    from rich.console import Console

    from losscheck.baseline import baseline as known
    from losscheck.baseline import gate
    from losscheck.configuration import configuration
    from losscheck.reporting.report import Report, split
    from losscheck.reporting.terminal import show

    if schema:
        typer.echo((Path(__file__).parent.parent / "configuration.schema.json").read_text(encoding="utf-8"), nl=False)
        raise typer.Exit
    console = Console(highlight=False)
    raw: list[Report] = []
    try:
        wanted = configuration(config)
        files = {"json": json_, "html": html, "sarif": sarif, "junit": junit, "markdown": markdown, "latex": latex}
        expect_folders(files)
        files = {option: path and path.absolute() for option, path in files.items()}
        kept = write_baseline and write_baseline.absolute()
        old = baseline and baseline.absolute()
        os.chdir(config.absolute().parent)
        old = old or (Path(wanted.baseline) if wanted.baseline and not kept else None)
        before = known(split(read_json(old))) if old else None

        def judged(report: Report) -> Report:
            raw.append(report)
            gated = gate(report, before) if before else report
            show(console, [gated])
            return gated

        done = run(wanted.audits, show=judged)
        write(done.reports, files, github=github)
        write(raw, {"json": kept})
    except (*BAD_USAGE, AttributeError, RecursionError) as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
    told = wanted.strict or strict
    raise typer.Exit(exit_code(done.reports, strict=told, unusable=done.unusable, broken=done.broken))
