"""Audit several targets one after another; one that cannot be used does not keep the others from it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from losscheck.cli.app import BAD_USAGE, complain, reason
from losscheck.cli.watching import watching
from losscheck.reporting.report import Report


class Run(NamedTuple):
    """What came of it: the reports, whether a target was unusable, whether we broke."""

    reports: list[Report]
    unusable: bool
    broken: bool


def run(
    audits: Sequence[tuple[str, Mapping[str, Any]]], *, show: Callable[[Report], Report] = lambda report: report
) -> Run:
    """Audit each target with its arguments; ``show`` is handed every report, and what it returns is kept."""
    import losscheck

    reports, unusable, broken = [], False, False
    with watching(len(audits)) as tick:
        for target, asked in audits:
            try:
                report = losscheck.audit(target, **asked, progress=tick(target))
            except BAD_USAGE as problem:
                complain(f"{target}: {reason(problem)}")
                unusable = True
            except Exception:
                complain(f"{target}: an internal error; please report it\n{traceback.format_exc()}")
                broken = True
            else:
                reports.append(show(report))
    return Run(reports, unusable, broken)
