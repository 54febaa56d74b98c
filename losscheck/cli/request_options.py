"""What is asked of a loss, as options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from losscheck.cli import completing

SignatureText = Annotated[str | None, typer.Option(help='such as "z:(N,K):real y:(N,):index"')]
Classes = Annotated[str, typer.Option(help="one number of classes, or several: 2,3,5")]
Properties = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="only these: convex,lipschitz[norm=l2]", autocompletion=completing.property_names),
]
Dtypes = Annotated[str, typer.Option(help="dtypes to run in")]
Effort = Annotated[str, typer.Option(help="quick, ci or thorough")]
Seed = Annotated[int, typer.Option(help="seed of every sample")]

ALL_DTYPES = "float64,float32,float16,bfloat16"
