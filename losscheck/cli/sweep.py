"""``losscheck sweep``: audit many targets at many parameters, here or on a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

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
from losscheck.cli.watching import watching
from losscheck.exit_codes import USAGE, exit_code

RETRIES = 3
"""How often Dask runs a part again whose worker was lost."""


@app.command()
def sweep(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TARGET",
            help="package.module:attr, path/file.py:attr or a name of the catalogue",
            autocompletion=completing.targets,
        ),
    ] = None,
    manifest: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="losses of a library and how each is called, as TOML")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="one kind for all", autocompletion=completing.kinds)] = None,
    signature: SignatureText = None,
    classes: Classes = "3",
    params: Annotated[
        list[str] | None, typer.Option(metavar="K=V,V,...", help="values of a keyword argument; all combinations run")
    ] = None,
    properties: Properties = None,
    dtypes: Dtypes = ALL_DTYPES,
    effort: Effort = "ci",
    seed: Seed = 0,
    timeout: Annotated[
        float | None, typer.Option(help="seconds of a loss for theory, and for behaviour; what they stop is undecided")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="keep each finished audit there (JSON lines), and go on from it")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="parts that run at once on this machine")] = 1,
    scheduler: Annotated[str | None, typer.Option(help="a Dask scheduler instead: tcp://host:8786")] = None,
    site: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="write a table of library, loss and property, and a page for each loss"),
    ] = None,
    json_: JsonFile = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    markdown: MarkdownFile = None,
    latex: LatexFile = None,
    github: GitHub = False,
) -> None:
    """Audit many targets at many parameters; a sweep that was stopped goes on where it was (--results).

    A manifest says of each loss of a library how it is made and called, so --kind, --signature and --params are for
    the targets named beside it.

    With --scheduler the parts run on Dask workers, which need losscheck and the targets installed; a worker that is
    lost loses nothing. The order and the content of the reports are the same however they were computed.
    """
    from losscheck import arguments
    from losscheck.manifest import known_errors, read_manifest
    from losscheck.reporting.lines import summary, title
    from losscheck.reporting.site import save_site
    from losscheck.sweeping import grid
    from losscheck.sweeping import sweep as run

    try:
        files = {"json": json_, "html": html, "sarif": sarif, "junit": junit, "markdown": markdown, "latex": latex}
        expect_folders({**files, "site": None if site is None or site.is_dir() else site})
        if not targets and not manifest:
            raise ValueError("nothing to audit; name targets, or a --manifest")
        asked = arguments.properties(properties)
        common: dict[str, Any] = {
            "properties": None if asked is None else tuple(asked),
            "dtypes": tuple(dtypes.split(",")),
            "effort": effort,
            "seed": seed,
            "timeout": timeout,
        }
        counted = arguments.classes(classes)
        values = arguments.values(params or [])
        points = grid(targets or [], values, kind=kind, signature=signature, n_classes=counted, **common)
        known: dict[tuple[str, str], str] = {}
        for file in manifest or []:
            points += read_manifest(file, n_classes=counted, **common)
            known |= known_errors(file)
        unusable: list[str] = []
        with watching(len(points), "sweeping") as tick, _executor(jobs, scheduler) as executor:
            reports = run(
                points,
                executor=executor,
                results=results,
                progress=tick,
                unusable=lambda _, problem: unusable.append(str(problem)),
            )
        for report in reports:
            typer.echo(f"{title(report)}: {summary(report)}")
        write(reports, files, github=github)
        if site is not None and reports:
            save_site(reports, site, known)
        for problem in unusable:
            complain(problem)
    except BAD_USAGE as problem:
        complain(problem)
        raise typer.Exit(USAGE) from None
    raise typer.Exit(exit_code(reports, strict=False, unusable=bool(unusable)))


@contextlib.contextmanager
def _executor(jobs: int, scheduler: str | None) -> Iterator[Any]:
    if scheduler is None:
        with ThreadPoolExecutor(jobs) as threads:
            yield threads
        return
    try:
        import distributed
    except ImportError:
        raise ImportError("--scheduler needs Dask; pip install 'losscheck[dask]'") from None
    connect: Any = distributed.Client  # it carries no types
    with connect(scheduler, timeout="30s") as client, client.get_executor(pure=True, retries=RETRIES) as executor:
        yield executor
