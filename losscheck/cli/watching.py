"""A progress bar on standard error, where a person is watching; nothing anywhere else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from losscheck.finding import Finding

Tick = Callable[[str], Callable[[Finding], None]]
"""Called with the name of a task that begins; returns what is called with each of its findings."""


@contextlib.contextmanager
def watching(total: int, doing: str = "auditing") -> Iterator[Tick]:
    """Yield what a run of ``total`` tasks tells its progress to."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(doing, total=total)
        begun = 0

        def tick(name: str) -> Callable[[Finding], None]:
            nonlocal begun
            progress.update(bar, completed=begun, description=name)
            begun += 1
            return lambda finding: progress.update(bar, description=f"{name}: {finding.id}")

        yield tick
