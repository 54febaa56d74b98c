"""The line that gives a finding again: a command for a loss with an address, else a call."""

from __future__ import annotations

import json
import shlex
from typing import Any

from losscheck.finding import Finding
from losscheck.identifier import DTYPES, identifier
from losscheck.kinds import KINDS
from losscheck.plain import plain
from losscheck.ranges import read
from losscheck.reporting.report import Report

AGAINST = " against "
"""What stands between the two targets of a comparison."""

ORACLE = " against the oracle of "
"""What stands between an implementation and the loss whose oracle it is held to."""


def _asked(report: Report) -> dict[str, Any]:
    """Return the arguments of the audit that differ from their defaults, except those of one finding."""
    usual = KINDS[report.kind].signature if report.kind is not None and report.kind in KINDS else None
    told = {
        "kind": (report.kind, None),
        "signature": (report.signature, usual),
        "dtypes": (report.dtypes, DTYPES),
        "effort": (report.effort, "ci"),
    }
    return {key: value for key, (value, default) in told.items() if value and value != default}


def _range(value: Any) -> tuple[float, float] | None:
    return read(value) if isinstance(value, str) else None


def _own(report: Report, finding: Finding) -> dict[str, Any]:
    """Return the parameters of the property: a range of a parameter of the loss belongs to the audit."""
    return {key: value for key, value in finding.params.items() if not _range(report.params.get(key))}


def _call(report: Report, finding: Finding, classes: tuple[int, ...]) -> str:
    words = [f"{key}={value!r}" for key, value in _asked(report).items()]
    words += [f"n_classes={classes[0]}"] if classes else []
    params = {key: _range(value) or value for key, value in report.params.items()}
    words += [f"params={params!r}"] if params else []
    words += [f"claims={{{finding.id!r}: {finding.claim!r}}}"] if finding.claim is not None else []
    own = _own(report, finding)
    asking = f"({finding.property!r}, {own!r})" if own else repr(finding.property)
    return f"losscheck.audit({', '.join([report.target, *words])}, properties=[{asking}], seed={report.seed})"


def _command(report: Report, finding: Finding, classes: tuple[int, ...]) -> str:
    words = ["losscheck", "audit", report.target]
    for key, value in _asked(report).items():
        words += [f"--{key}", ",".join(value) if isinstance(value, tuple) else value]
    if classes:
        words += ["--classes", ",".join(map(str, classes))]
    for key, value in report.params.items():
        words += ["--params", f"{key}={value if _range(value) else json.dumps(value)}"]
    if finding.claim is not None:
        words += ["--claims", f"{finding.id}={json.dumps(plain(finding.claim))}"]
    return shlex.join(
        [*words, "--properties", identifier(finding.property, _own(report, finding)), "--seed", str(report.seed)]
    )


def _comparison(report: Report, impl: str, reference: str) -> str:
    """Return the whole comparison: its findings come from one list of calls."""
    asked = _asked(report)
    if ":" not in report.target:
        words = [impl, reference, *(f"{key}={value!r}" for key, value in asked.items())]
        words += [f"n_classes={report.n_classes[0]}"] if report.n_classes else []
        words += [f"params={report.params!r}"] if report.params else []
        return f"losscheck.compare({', '.join(words)}, seed={report.seed})"
    words = ["losscheck", "compare", impl, reference]
    for key, value in asked.items():
        words += [f"--{key}", ",".join(value) if isinstance(value, tuple) else value]
    words += ["--classes", str(report.n_classes[0])] if report.n_classes else []
    for key, value in report.params.items():
        words += ["--params", f"{key}={json.dumps(value)}"]
    return shlex.join([*words, "--seed", str(report.seed)])


def line(report: Report, finding: Finding) -> str:
    """Return the command or call that gives ``finding`` of ``report`` again.

    >>> from losscheck.verdict import undecided
    >>> found = Finding.join(undecided("?"), "lipschitz", layer="theory", params={"norm": "l2"})
    >>> line(Report("mine.py:loss", (found,), kind="margin"), found)
    "losscheck audit mine.py:loss --kind margin --properties 'lipschitz[norm=l2]' --seed 0"
    """
    impl, checked, reference = report.target.partition(ORACLE)
    if checked:
        words = [
            reference,
            *(f"{key}={value!r}" for key, value in _asked(report).items() if key in ("kind", "signature")),
        ]
        words += [f"n_classes={report.n_classes[0]}"] if report.n_classes else []
        return f"losscheck.oracle({', '.join(words)}).check({impl}, dtypes={report.dtypes!r}, seed={report.seed})"
    impl, compared, reference = report.target.partition(AGAINST)
    if compared:
        return _comparison(report, impl, reference)
    classes = (finding.n_classes,) if finding.n_classes is not None else report.n_classes
    return (_command if ":" in report.target else _call)(report, finding, classes)
