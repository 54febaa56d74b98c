"""The command line: one file per command, each registered with the application when this package is imported.

Nothing here imports a target or a numerical library: audits run in a worker process.
"""

from losscheck.cli import (
    audit,
    ci,
    compare,
    explain,
    list_names,
    replay,
    report,
    sweep,
    verify,
)
from losscheck.cli.app import app as app
from losscheck.cli.app import main as main

__all__ = ["app", "audit", "ci", "compare", "explain", "list_names", "main", "replay", "report", "sweep", "verify"]
