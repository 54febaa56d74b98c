"""Every file of the catalogue registers entries, and every entry says what it is, what is claimed and by whom."""

import csv
import pkgutil
from pathlib import Path

import pytest

import losscheck.catalogue
from losscheck.catalogue import entries
from losscheck.catalogue.entry import ENTRIES, Entry, entry
from losscheck.claim import parse_claim
from losscheck.identifier import parse_identifier
from losscheck.kinds import KINDS, resolve_signature
from losscheck.property import properties

MACHINERY = {"entry", "forms", "shared_claims", "wrappers"}
ROOT = Path(__file__).parents[2]


def each() -> list[Entry]:
    return list(entries().values())


def test_every_file_registers():
    files = {module.name for module in pkgutil.iter_modules(losscheck.catalogue.__path__)} - MACHINERY
    registering = {made.function.__module__.rpartition(".")[2] for made in each()}
    assert files == registering


def test_names_are_taken_once():
    for name, made in ENTRIES.items():
        assert name == made.name or name in made.aliases
    with pytest.raises(ValueError, match="has 'hinge' already"):
        entry(title="again", family="margin", formula="0", kind="margin")(ENTRIES["hinge"].function)


@pytest.mark.parametrize("made", each(), ids=lambda made: made.name)
def test_an_entry_says_what_it_is(made):
    for said in (made.title, made.family, made.formula, made.doc, made.references, made.function.__doc__):
        assert said
    assert made.kind in KINDS or made.kind is None
    resolve_signature(made.kind, made.signature)
    code = made.function.__code__
    assert set(made.parameters) <= set(code.co_varnames[: code.co_argcount])
    for parameter in made.parameters.values():
        assert parameter.domain


@pytest.mark.parametrize("made", each(), ids=lambda made: made.name)
def test_claims_name_findings_and_sources(made):
    for claim in made.claims:
        said = parse_identifier(claim.finding)
        asked = properties()[said.property]
        assert set(said.params) <= {*asked.params, *asked.required, *asked.one_of, *asked.optional}
        assert asked.layer == "behaviour" or made.kind in asked.kinds, f"{claim.finding} is not asked of {made.kind}"
        parse_claim(claim.finding, claim.value)
        assert claim.source
        assert set(claim.params) <= set(made.parameters)
    for study in made.studies:
        assert study.statement
        assert study.source
        assert (ROOT / study.test).is_file(), study.test


def test_the_literature_list_names_entries():
    with (ROOT / "docs" / "literature.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"S{number:03d}" for number in range(1, 186)]
    for row in rows:
        assert row["tier"] in ("1", "2", "3")
        for name in row["entries"].split():
            assert name in ENTRIES or hasattr(losscheck.catalogue.wrappers, name), f"{row['id']}: no entry {name}"
        for name in row["kernels"].split():
            assert (ROOT / "kernels" / f"{name}.py").is_file(), f"{row['id']}: no kernel {name}"
        assert row["entries"] or row["kernels"] or row["left_out"], f"{row['id']} is not there, and nothing says why"
