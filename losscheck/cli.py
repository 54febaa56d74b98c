"""The command line: ``losscheck audit``, ``compare``, ``verify``, ``list``, ``explain`` and ``report``.

Nothing here imports a target or a numerical library: audits run in a worker process.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from losscheck.exit_codes import FAILED, FINE, INTERNAL, USAGE, exit_code

if TYPE_CHECKING:
    from losscheck.reporting.report import Report

# What bad usage raises, here and in audit: every other exception is a defect of ours.
BAD_USAGE = (ValueError, TypeError, LookupError, OSError, ImportError)

app = typer.Typer(
    help="Say what is true of a loss function, with proof, and show where its code breaks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # square brackets in a help text are ids, not markup
)


def _complain(problem: object) -> None:
    # str() of a KeyError would show its message in quotes.
    told = problem.args[0] if isinstance(problem, KeyError) and problem.args else problem
    typer.echo(f"losscheck: {told}", err=True)


def _read(path: Path) -> Any:
    """Return the JSON object in ``path``, or end with exit code 2."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError(f"{path} holds a JSON {type(data).__name__}; give a report or a certificate")
    except (OSError, ValueError, RecursionError) as problem:
        _complain(f"cannot read {path}: {problem}")
        raise typer.Exit(USAGE) from None
    return data


def _audit_each(
    targets: Sequence[tuple[str, str | None]], asked: dict[str, Any], show: Callable[[Report], None]
) -> tuple[list[Report], bool, bool]:
    """Audit the targets one after another; return the reports, whether one was unusable, whether we broke."""
    import losscheck

    reports, unusable, broken = [], False, False
    for target, kind in targets:
        try:
            report = losscheck.audit(target, kind=kind, **asked)
        except BAD_USAGE as problem:
            _complain(f"{target}: {problem.args[0] if isinstance(problem, KeyError) else problem}")
            unusable = True
        except Exception:
            _complain(f"{target}: an internal error; please report it\n{traceback.format_exc()}")
            broken = True
        else:
            show(report)
            reports.append(report)
    return reports, unusable, broken


@app.command()
def audit(
    targets: Annotated[list[str], typer.Argument(metavar="TARGET", help="package.module:attr or path/file.py:attr")],
    kind: Annotated[str | None, typer.Option(help="one kind, or one per target: logits,binary")] = None,
    signature: Annotated[str | None, typer.Option(help='such as "z:(N,K):real y:(N,):index"')] = None,
    classes: Annotated[str, typer.Option(help="one number of classes, or several: 2,3,5")] = "3",
    params: Annotated[list[str] | None, typer.Option(metavar="K=V", help="keyword argument of the loss")] = None,
    claims: Annotated[list[str] | None, typer.Option(metavar="ID=CLAIM", help="convex=true, smoothness=[0,1]")] = None,
    waive: Annotated[
        list[str] | None, typer.Option(metavar="ID=REASON", help="report it, but never as an error")
    ] = None,
    properties: Annotated[str | None, typer.Option(metavar="A,B", help="only these: convex,lipschitz[norm=l2]")] = None,
    dtypes: Annotated[str, typer.Option(help="dtypes to run in")] = "float64,float32,float16,bfloat16",
    effort: Annotated[str, typer.Option(help="quick, ci or thorough")] = "ci",
    timeout: Annotated[float | None, typer.Option(help="seconds; makes the report not reproducible")] = None,
    seed: Annotated[int, typer.Option(help="seed of every sample")] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="exit 3 when a claim stays undecided")] = False,
    json_: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="write the report as JSON")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="write the report as one HTML page")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="write the report as Markdown")] = None,
) -> None:
    """Audit loss functions: prove or refute their properties, and try their code in every dtype.

    Exit codes: 0 fine, 1 a finding of severity error, 2 bad usage or an unreadable target, 3 an undecided claim under
    --strict, 4 an internal error.
    """
    from rich.console import Console

    from losscheck import arguments
    from losscheck.reporting.saving import FORMS
    from losscheck.reporting.terminal import show

    console = Console(highlight=False)
    try:
        asked = {
            "signature": signature,
            "n_classes": arguments.classes(classes),
            "params": arguments.params(params or []) or None,
            "claims": arguments.claims(claims or []) or None,
            "waive": arguments.pairs("--waive", waive or []) or None,
            "properties": arguments.properties(properties),
            "dtypes": tuple(dtypes.split(",")),
            "effort": effort,
            "timeout": timeout,
            "seed": seed,
        }
        paired = list(zip(targets, arguments.kinds(kind, len(targets)), strict=True))
        reports, unusable, broken = _audit_each(paired, asked, lambda report: show(console, [report]))
        for path, form in ((json_, ".json"), (html, ".html"), (markdown, ".md")):
            if path is not None and reports:
                path.write_text(FORMS[form](reports), encoding="utf-8")
    except BAD_USAGE as problem:
        _complain(problem)
        raise typer.Exit(USAGE) from None
    raise typer.Exit(exit_code(reports, strict=strict, unusable=unusable, broken=broken))


@app.command()
def compare(
    impl: Annotated[str, typer.Argument(metavar="A", help="the loss under test: module:attr or path/file.py:attr")],
    reference: Annotated[str, typer.Argument(metavar="B", help="the loss it is held to")],
    kind: Annotated[str | None, typer.Option(help="such as logits")] = None,
    signature: Annotated[str | None, typer.Option(help='such as "z:(N,K):real y:(N,):index"')] = None,
    classes: Annotated[int, typer.Option(help="number of classes")] = 3,
    params: Annotated[list[str] | None, typer.Option(metavar="K=V", help="keyword argument of both")] = None,
    dtypes: Annotated[str, typer.Option(help="dtypes to run in")] = "float64,float32,float16,bfloat16",
    max_ulp: Annotated[
        float | None, typer.Option(help="largest difference that is none; default half the digits")
    ] = None,
    effort: Annotated[str, typer.Option(help="quick, ci or thorough")] = "ci",
    seed: Annotated[int, typer.Option(help="seed of every sample")] = 0,
    json_: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="write the report as JSON")] = None,
) -> None:
    """Compare two implementations of one loss: any difference a caller could notice is an error (exit code 1)."""
    import losscheck
    from losscheck import arguments

    try:
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
        if json_ is not None:
            report.save(json_)
    except BAD_USAGE as problem:
        _complain(problem)
        raise typer.Exit(USAGE) from None
    typer.echo(str(report))
    raise typer.Exit(exit_code([report], strict=False, unusable=False, broken=False))


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="a JSON report, or one certificate")]) -> None:
    """Verify every certificate in FILE with the independent verifier; exit 1 when one does not hold."""
    import losscheck
    from losscheck.reverify import reverify

    try:
        checked = list(reverify(_read(file), losscheck.verify))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        _complain(f"{file} is neither a report nor a certificate: {problem}")
        raise typer.Exit(USAGE) from None
    for each in checked:
        typer.echo(f"{'ok    ' if each.holds else 'FAILED'} {each.name}: {each.message}")
    failed = sum(not each.holds for each in checked)
    typer.echo(f"{len(checked) - failed} of {len(checked)} certificates verified")
    raise typer.Exit(FAILED if failed else FINE)


@app.command("list")
def list_(kind: Annotated[str | None, typer.Option(help="only what is asked of this kind")] = None) -> None:
    """List the properties, theory first."""
    from losscheck.explaining import listing

    typer.echo(listing(kind))


@app.command()
def explain(name: Annotated[str, typer.Argument(help="a property or the id of a finding")]) -> None:
    """Print the documentation of a property: its statement, what each verdict means, references."""
    from losscheck.explaining import explanation

    try:
        typer.echo(explanation(name))
    except ValueError as problem:
        _complain(problem)
        raise typer.Exit(USAGE) from None


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="a JSON report")],
    output: Annotated[Path, typer.Option("-o", "--output", help="FILE.html, .md, .txt or .json")],
) -> None:
    """Write a JSON report in another form."""
    from losscheck.reporting.report import split
    from losscheck.reporting.saving import save

    data = _read(file)
    try:
        save(split(data), output)
    except (*BAD_USAGE, AttributeError, RecursionError) as problem:
        _complain(f"cannot write {file} as {output}: {problem}")
        raise typer.Exit(USAGE) from None


def main() -> None:
    """Run the command line; an exception nobody foresaw ends it with exit code 4."""
    try:
        app()
    except Exception:
        _complain(f"an internal error; please report it\n{traceback.format_exc()}")
        sys.exit(INTERNAL)
