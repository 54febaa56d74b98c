"""Losses of other libraries in the field: what docs/field-audit.md says of them is what an audit finds.

Every audit of every list runs under HYPOTHESIS_PROFILE=fuzz; else one loss of a library, and those with known errors,
about the properties these errors are of.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from losscheck.verdict import Verdict
from tests.field.field_list import FieldLoss, Library, libraries

CLASSES = {"true", "documented"}
LIBRARIES = tuple(libraries())
ALL = [(library, loss) for library in LIBRARIES for loss in library.losses]
KNOWN = [(library, loss) for library, loss in ALL if loss.errors]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
PAGE = (Path(__file__).parent.parent.parent / "docs" / "field-audit.md").read_text(encoding="utf-8")


def needs(library: Library) -> None:
    """Skip where the library, or the version the list is of, is not here; the summary names it."""
    if importlib.util.find_spec(library.module) is None:
        pytest.skip(f"NOT TESTED: {library.library} is not installed (extra field)")
    installed = importlib.metadata.version(library.library)
    if installed != library.version:
        pytest.skip(f"NOT TESTED: {library.library} is {installed}, the list is of {library.version}")


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.library)
def test_a_library_is_called_as_its_list_says(library: Library) -> None:
    needs(library)
    answer = library.losses[0].audit(properties=["accepts_valid_input"])["accepts_valid_input"]
    assert answer.verdict is Verdict.SUPPORTED, answer


@pytest.mark.parametrize(("library", "loss"), KNOWN, ids=lambda each: getattr(each, "target", None))
def test_known_errors_are_found(library: Library, loss: FieldLoss) -> None:
    needs(library)
    report = loss.audit(properties=sorted({name.partition("[")[0] for name in loss.errors}))
    assert {finding.id for finding in report.failures} == set(loss.errors), report


@pytest.mark.skipif(not LONG, reason="NOT TESTED: every field audit; set HYPOTHESIS_PROFILE=fuzz")
@pytest.mark.parametrize(("library", "loss"), ALL, ids=lambda each: getattr(each, "target", None))
def test_nothing_else_is_an_error(library: Library, loss: FieldLoss) -> None:
    needs(library)
    report = loss.audit()
    assert report["accepts_valid_input"].verdict is Verdict.SUPPORTED, report
    assert {finding.id for finding in report.failures} == set(loss.errors), report


def test_the_page_tells_every_known_error() -> None:
    for library, loss in KNOWN:
        assert set(loss.errors.values()) <= CLASSES
        assert f"{library.library} {library.version}" in PAGE
        name = loss.target.partition(":")[2]
        rows = [row for row in PAGE.splitlines() if row.startswith("|") and f"`{name}`" in row]
        for identifier, told in loss.errors.items():
            assert any(identifier.partition("[")[0] in row and told in row for row in rows), (name, identifier)


def test_the_table_tells_every_known_error_and_no_other() -> None:
    """The table beside the page is what a sweep wrote; what it calls an error is in the lists, with its class."""
    table = (Path(__file__).parents[2] / "docs" / "field-audit-table.html").read_text(encoding="utf-8")
    heads = re.findall(r"<h3>(.*?): (.*?): <code>(.*?)</code> \((\w+)\)</h3>", table)
    told = Counter((library, name, identifier, known) for library, name, identifier, known in heads)
    for library, loss in KNOWN:
        name = loss.target.partition(":")[2]
        for identifier, known in loss.errors.items():
            found = [
                each
                for each in told
                if each[1].startswith(name)
                and (each[0], *each[2:]) == (f"{library.library} {library.version}", identifier, known)
            ]
            assert found, (name, identifier)
    assert len(heads) == sum(len(loss.errors) for _, loss in KNOWN)
