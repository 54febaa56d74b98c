"""The application, and what every command does alike: complain, read a JSON file, end with an exit code."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer

from losscheck.exit_codes import INTERNAL, USAGE

# What bad usage raises, here and in audit: every other exception is a defect of ours.
BAD_USAGE = (ValueError, TypeError, LookupError, OSError, ImportError)

LARGEST = 64 << 20
"""Bytes of a file that is read: a report of a thousand findings with their certificates has a few megabytes."""

LONGEST = 8000
"""Characters of a message: a traceback of ours fits."""

app = typer.Typer(
    help="Say what is true of a loss function, with proof, and show where its code breaks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # square brackets in a help text are ids, not markup
)


def reason(problem: object) -> str:
    """Return what an exception says; ``str`` of a KeyError would show it in quotes."""
    return str(problem.args[0] if isinstance(problem, KeyError) and problem.args else problem)


def complain(problem: object) -> None:
    """Write what went wrong to standard error; what a hostile file put into the message is cut."""
    told = reason(problem)
    shown = told if len(told) <= LONGEST else f"{told[:LONGEST]}... ({len(told)} characters)"
    typer.echo(f"losscheck: {shown}", err=True)


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in ``path``, or end with exit code 2."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST >> 20} MiB; give a report or a certificate")
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            raise ValueError(f"it is no JSON ({problem}); give a report (--json writes one) or a certificate") from None
        if not isinstance(data, dict):
            raise ValueError(f"it holds a JSON {type(data).__name__}; give a report or a certificate")
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is text that cannot be shown or written
    except (OSError, ValueError, RecursionError) as problem:
        complain(f"cannot read {path}: {problem}")
        raise typer.Exit(USAGE) from None
    return data


def main() -> None:
    """Run the command line; an exception nobody foresaw ends it with exit code 4."""
    # A user's package lies where the command is run. At the end of the path it can shadow no library.
    sys.path.append(os.getcwd())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal does not have is shown as its number
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception:
        complain(f"an internal error; please report it\n{traceback.format_exc()}")
        sys.exit(INTERNAL)
