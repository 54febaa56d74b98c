"""The report as JUnit XML: one suite per audit, one test case per finding.

An error is a failure, and so is a defect of losscheck itself. A warning passes and says so in its output, for JUnit
knows no warnings. What is not known, does not apply or is waived is skipped, with the reason.

References
----------
.. [1] Jenkins xUnit plugin, ``junit-10.xsd``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from losscheck.finding import Finding
from losscheck.reporting.lines import MARK, by_severity, details, title
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNKNOWN = frozenset({Verdict.UNDECIDED, Verdict.UNSUPPORTED, Verdict.NOT_APPLICABLE})


def as_junit(reports: Sequence[Report]) -> str:
    """Return the reports as JUnit XML."""
    root = ElementTree.Element("testsuites", {"name": "losscheck"})
    for report in reports:
        cases = [_case(report, finding) for finding in by_severity(report)]
        counts = {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "errors": 0,
            "skipped": sum(case.find("skipped") is not None for case in cases),
        }
        named = {"name": _clean(title(report)), "time": _time(report.seconds)}
        suite = ElementTree.SubElement(root, "testsuite", named | {key: str(n) for key, n in counts.items()})
        suite.extend(cases)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(report: Report, finding: Finding) -> ElementTree.Element:
    named = {"name": _clean(finding.id), "classname": _clean(report.target), "time": _time(finding.seconds)}
    case = ElementTree.Element("testcase", named)
    message, kind = _clean(finding.message), MARK[finding.verdict]
    whole = "\n".join([message, *(f"{label}: {_clean(text)}" for label, text in details(report, finding))])
    if finding.severity is Severity.ERROR or finding.verdict is Verdict.ERROR:
        ElementTree.SubElement(case, "failure", {"type": kind, "message": message}).text = whole
    elif finding.waived is not None:
        ElementTree.SubElement(case, "skipped", {"type": "waived", "message": _clean(finding.waived)}).text = whole
    elif finding.severity is Severity.WARNING:
        ElementTree.SubElement(case, "system-out").text = f"warning: {kind}: {whole}"
    elif finding.verdict in _UNKNOWN:
        ElementTree.SubElement(case, "skipped", {"type": kind, "message": message})
    return case


def _clean(text: str) -> str:
    """Return ``text`` without what XML 1.0 cannot hold, shown as escapes instead.

    >>> _clean("a" + chr(7) + "b") == "a" + chr(92) + "x07b"
    True
    """
    return _FORBIDDEN.sub(lambda found: repr(found[0])[1:-1], text)


def _time(seconds: float | None) -> str:
    return f"{seconds or 0.0:.3f}"
