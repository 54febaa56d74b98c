"""The report as SARIF 2.1.0, for code scanning: what failed, where, and how to see it again.

Errors and warnings are results of kind ``fail``; what is waived is there too, with its suppression. What holds, and
facts that are no fault, are left to the other forms: a code scanner shows every result as something to do.

References
----------
.. [1] OASIS (2020). Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from losscheck.finding import Finding
from losscheck.property import properties
from losscheck.reporting.lines import MARK, by_severity
from losscheck.reporting.place import place, relative
from losscheck.reporting.report import Report
from losscheck.verdict import Severity

_SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


def as_sarif(reports: Sequence[Report]) -> str:
    """Return the reports as one SARIF log with one run."""
    found = [(report, finding) for report in reports for finding in by_severity(report) if _shown(finding)]
    rules = sorted({finding.property for _, finding in found})
    driver = {"name": "losscheck", "rules": [_rule(name) for name in rules]}
    version = next((r.environment["losscheck"] for r in reports if "losscheck" in r.environment), None)
    run = {
        "tool": {"driver": driver | ({"version": version} if version else {})},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, finding, rules.index(finding.property)) for report, finding in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _shown(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.WARNING) or finding.waived is not None


def _rule(name: str) -> dict[str, Any]:
    known = properties().get(name)
    rule: dict[str, Any] = {"id": name}
    if known is not None:
        rule["shortDescription"] = {"text": known.title}
        rule["fullDescription"] = {"text": known.doc[:1000] or known.title}
        rule["help"] = {"text": f"losscheck explain {name}"}
    return rule


def _result(report: Report, finding: Finding, rule: int) -> dict[str, Any]:
    told = f"{report.target}: {finding.id} {MARK[finding.verdict]}: {finding.message}"
    print_of = hashlib.sha256(f"{report.target} {json.dumps(report.params, sort_keys=True)} {finding.id}".encode())
    result: dict[str, Any] = {
        "ruleId": finding.property,
        "ruleIndex": rule,
        "kind": "fail",
        "level": finding.severity.value,
        "message": {"text": f"{told}\nreproduce: {report.reproduce(finding)}"},
        "partialFingerprints": {"losscheckFinding/v1": print_of.hexdigest()[:32]},
        "properties": {"replayId": finding.replay_id, "finding": finding.id, "target": report.target},
    }
    if finding.witness is not None:
        result["properties"]["witness"] = finding.witness
    if finding.waived is not None:
        result["suppressions"] = [{"kind": "external", "justification": finding.waived}]
    where = place(report.target, finding)
    if where is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri(where.file)}}
        if where.line is not None:
            physical["region"] = {"startLine": where.line}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def uri(file: Path) -> str:
    """Return the address of a file, relative to the working directory where it lies below.

    >>> uri(Path("my losses.py"))
    'my%20losses.py'
    """
    seen = relative(file)
    return seen.as_uri() if seen.is_absolute() else quote(seen.as_posix())
