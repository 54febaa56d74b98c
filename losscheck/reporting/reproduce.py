"""The line that gives a finding again: a command for a loss with an address, else a call.

A command runs as it stands, in the folder where the audit ran. A call needs the loss under the name it has there.
"""

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
        "device": (report.environment.get("device"), None),
    }
    return {key: value for key, (value, default) in told.items() if value and value != default}


def _range(value: Any) -> tuple[float, float] | None:
    return read(value) if isinstance(value, str) else None


def own_params(report: Report, finding: Finding) -> dict[str, Any]:
    """Return the parameters that the property was asked with.

    A range of a parameter of the loss belongs to the audit, and an answer may have added parameters of its own.
    """
    from losscheck.property import properties  # the properties make reports by way of audits

    entry = properties().get(finding.property)
    taken = None if entry is None else {*entry.params, *entry.required, *entry.one_of, *entry.optional}
    return {
        key: value
        for key, value in finding.params.items()
        if not _range(report.params.get(key)) and (taken is None or key in taken)
    }


def _claimed(finding: Finding) -> str:
    """Return the id of the finding where one number of classes is asked."""
    return identifier(finding.property, finding.params, dtype=finding.dtype)


def _call(report: Report, finding: Finding, classes: tuple[int, ...]) -> str:
    words = [f"{key}={value!r}" for key, value in _asked(report).items()]
    words += [f"n_classes={classes[0]}"] if classes else []
    params = {key: _range(value) or value for key, value in report.params.items()}
    words += [f"params={params!r}"] if params else []
    words += [f"claims={{{_claimed(finding)!r}: {finding.claim!r}}}"] if finding.claim is not None else []
    own = own_params(report, finding)
    asking = f"({finding.property!r}, {own!r})" if own else repr(finding.property)
    return f"losscheck.audit({', '.join([_name(report.target), *words])}, properties=[{asking}], seed={report.seed})"


def _name(target: str) -> str:
    """Return the name of a loss as code, ``loss`` where it has none that is (a lambda, a closure)."""
    return target if all(part.isidentifier() for part in target.split(".")) else "loss"


def address(report: Report) -> str | None:
    """Return where the loss of a report is loaded from; a report of an earlier version has it in its target.

    >>> address(Report("mine.py:loss", ())), address(Report("loss", ())), address(Report("focal", (), address="focal"))
    ('mine.py:loss', None, 'focal')
    """
    if report.address is not None or ORACLE in report.target:
        return report.address
    return report.target if all(":" in part for part in report.target.split(AGAINST)) else None


def _command(report: Report, finding: Finding, classes: tuple[int, ...]) -> str:
    words = ["losscheck", "audit", str(address(report))]
    for key, value in _asked(report).items():
        words += [f"--{key}", ",".join(value) if isinstance(value, tuple) else value]
    if classes:
        words += ["--classes", ",".join(map(str, classes))]
    for key, value in report.params.items():
        words += ["--params", f"{key}={value if _range(value) else json.dumps(value)}"]
    if finding.claim is not None:
        words += ["--claims", f"{_claimed(finding)}={json.dumps(plain(finding.claim))}"]
    return shlex.join(
        [*words, "--properties", identifier(finding.property, own_params(report, finding)), "--seed", str(report.seed)]
    )


def _comparison(report: Report, impl: str, reference: str) -> str:
    """Return the whole comparison: its findings come from one list of calls."""
    asked = _asked(report)
    where = address(report)
    if where is None:
        words = [_name(impl), _name(reference), *(f"{key}={value!r}" for key, value in asked.items())]
        words += [f"n_classes={report.n_classes[0]}"] if report.n_classes else []
        words += [f"params={report.params!r}"] if report.params else []
        return f"losscheck.compare({', '.join(words)}, seed={report.seed})"
    words = ["losscheck", "compare", *where.split(AGAINST)]
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
            _name(reference),
            *(f"{key}={value!r}" for key, value in _asked(report).items() if key in ("kind", "signature")),
        ]
        words += [f"n_classes={report.n_classes[0]}"] if report.n_classes else []
        return (
            f"losscheck.oracle({', '.join(words)}).check({_name(impl)}, dtypes={report.dtypes!r}, seed={report.seed})"
        )
    impl, compared, reference = report.target.partition(AGAINST)
    if compared:
        return _comparison(report, impl, reference)
    classes = (finding.n_classes,) if finding.n_classes is not None else report.n_classes
    return (_call if address(report) is None else _command)(report, finding, classes)
