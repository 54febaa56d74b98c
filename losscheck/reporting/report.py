"""The report of one audit: its findings in a fixed order, and the questions one asks of them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from losscheck.errors import ClaimRefuted
from losscheck.finding import Finding
from losscheck.plain import expect_numbers, expect_types, plain
from losscheck.reporting.json_text import as_json
from losscheck.verdict import Severity, Verdict

SCHEMA = 1
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("target", "effort"), str),
    **dict.fromkeys(("kind", "signature", "address"), (str, type(None))),
    **dict.fromkeys(("n_classes", "dtypes", "notes", "findings"), list),
    **dict.fromkeys(("params", "plots", "environment"), dict),
    **dict.fromkeys(("ok", "reproducible"), bool),
    "seed": int,
    "seconds": (int, float, type(None)),
}
RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2, Severity.NONE: 3}


@dataclass(frozen=True)
class Report:
    """What an audit found about one loss.

    ``findings`` are sorted by layer (theory first) and id, whatever order they came in. ``notes`` say what a reader
    should know about the run itself (the loss ran in this process; a dtype was left out). ``plots`` maps a name to
    ``{"title", "x_label", "y_label", "series": [{"name", "x": [...], "y": [...]}]}``. ``reproducible`` is False when
    the wall clock stopped a finding. ``address`` is a target under which another process loads the same loss, None
    where none is known.
    """

    target: str
    findings: tuple[Finding, ...]
    kind: str | None = None
    signature: str | None = None
    n_classes: tuple[int, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ()
    effort: str = "ci"
    seed: int = 0
    notes: tuple[str, ...] = ()
    plots: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    reproducible: bool = True
    seconds: float | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        ordered = sorted(self.findings, key=lambda finding: (finding.layer != "theory", finding.id))
        object.__setattr__(self, "findings", tuple(ordered))
        # Plain from the start, so that a report and its JSON read back are equal.
        for name in ("params", "plots", "environment"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def ok(self) -> bool:
        """Whether no finding has severity ``error``."""
        return not self.failures

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings of severity ``error``."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings of severity ``warning``."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    def select(
        self, *, property: str | None = None, dtype: str | None = None, verdict: Verdict | str | None = None
    ) -> tuple[Finding, ...]:
        """Return the findings that agree with every argument given.

        Raises
        ------
        ValueError
            If ``verdict`` is the name of no verdict.
        """
        wanted = None if verdict is None else Verdict(verdict)
        return tuple(
            finding
            for finding in self.findings
            if (property is None or finding.property == property)
            and (dtype is None or finding.dtype == dtype)
            and (wanted is None or finding.verdict is wanted)
        )

    def __getitem__(self, name: str) -> Finding:
        """Return the finding with the id ``name``; for a property's name, its only or its most severe finding."""
        exact = [finding for finding in self.findings if finding.id == name]
        found = exact or sorted(self.select(property=name), key=lambda finding: RANK[finding.severity])
        if found:
            return found[0]
        known = [finding.id for finding in self.findings]
        close = difflib.get_close_matches(name, [*known, *(finding.property for finding in self.findings)], n=3)
        hint = f"did you mean {', '.join(close)}?" if close else f"this report has: {', '.join(known) or 'no finding'}"
        raise KeyError(f"no finding {name!r}; {hint}")

    def reproduce(self, finding: Finding) -> str:
        """Return the command (for a loss without an address: the call) that gives ``finding`` again."""
        from losscheck.reporting.reproduce import line

        return line(self, finding)

    def raise_for_status(self) -> None:
        """Raise when the report is not ok.

        Raises
        ------
        ClaimRefuted
            Lists every failure with its witness and a line that reproduces it.
        """
        if self.ok:
            return
        count = len(self.failures)
        lines = [f"{self.target}: {count} finding{'s' * (count > 1)} of severity error"]
        for finding in self.failures:
            lines.append(f"  {finding.id}: {finding.verdict} - {finding.message}")
            if finding.standing is not None:
                lines.append(f"    claim: {finding.claim!r} is {finding.standing}")
            if finding.witness is not None:
                lines.append(f"    witness: {json.dumps(finding.witness)}")
            lines.append(f"    reproduce: {self.reproduce(finding)}")
        raise ClaimRefuted("\n".join(lines))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, described by ``reporting/schema.json``."""
        return {
            "schema": SCHEMA,
            "target": self.target,
            "address": self.address,
            "kind": self.kind,
            "signature": self.signature,
            "n_classes": plain(self.n_classes),
            "params": self.params,
            "dtypes": plain(self.dtypes),
            "effort": self.effort,
            "seed": self.seed,
            "ok": self.ok,
            "reproducible": self.reproducible,
            "notes": plain(self.notes),
            "environment": self.environment,
            "findings": [finding.to_dict() for finding in self.findings],
            "plots": self.plots,
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        ValueError
            If ``data`` is not a report of schema 1, or a field has another type.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"schema = {data.get('schema')!r} is not a report this version reads; it reads {SCHEMA}")
        expect_types("a report", data, _TYPES)
        expect_numbers("a report", data)
        lists: dict[str, Any] = {key: tuple(data[key]) for key in ("n_classes", "dtypes", "notes")}
        rest = {key: value for key, value in data.items() if key not in {"schema", "ok", "findings", *lists}}
        return cls(findings=tuple(map(Finding.from_dict, data["findings"])), **lists, **rest)

    def to_json(self) -> str:
        """Return the report as JSON: the same findings give the same bytes, times (keys ``seconds``) aside."""
        return as_json(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read what :meth:`to_json` wrote."""
        return cls.from_dict(json.loads(text))

    def save(self, path: str | Path) -> None:
        """Write the report to ``path``; the suffix picks the form.

        These are .json, .html, .md, .txt, .sarif, .xml (JUnit) and .tex.

        Raises
        ------
        ValueError
            If the suffix is none of these.
        """
        from losscheck.reporting.saving import save

        save([self], path)

    def explain(self, name: str) -> str:
        """Return the proof of a certified finding as a tree of lemmas, hypotheses and exact numbers.

        Raises
        ------
        KeyError
            If there is no finding of that name.
        ValueError
            If the finding has no certificate.
        """
        from losscheck.reporting.proof_text import as_proof

        return as_proof(self[name])

    def to_latex(self) -> str:
        """Return a LaTeX document: the loss as a formula, a theorem with a proof sketch per certified finding."""
        from losscheck.reporting.latex import as_latex

        return as_latex([self])

    def __str__(self) -> str:
        from losscheck.reporting.terminal import as_text

        return as_text([self])

    def _repr_html_(self) -> str:
        from losscheck.reporting.page import page

        return page([self], embedded=True)


def merge(reports: Sequence[Report]) -> dict[str, Any]:
    """Return one report, or several as ``{"schema": 1, "reports": [...]}``, as plain data."""
    if len(reports) == 1:
        return reports[0].to_dict()
    return {"schema": SCHEMA, "reports": [report.to_dict() for report in reports]}


def split(data: Mapping[str, Any]) -> list[Report]:
    """Read back what :func:`merge` wrote."""
    return [Report.from_dict(each) for each in data.get("reports", [data])]
