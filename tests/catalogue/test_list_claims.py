"""`docs/claims.csv` says of each claim of the literature list what became of it, and names what says so."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path

from losscheck.gallery.ledger import ledger

ROOT = Path(__file__).parents[2]
TABLES = {
    path.relative_to(ROOT).as_posix(): import_module(f"tests.studies.{path.stem}").FACTS
    for path in sorted((ROOT / "tests" / "studies").glob("test_list_*.py"))
}


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "claims.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_claim_is_there_once() -> None:
    keys = [(row["id"], int(row["claim"])) for row in rows()]
    assert len(keys) == len(set(keys)) == 471
    assert keys == sorted(keys)
    with (ROOT / "docs" / "literature.csv").open(newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == {system for system, _ in keys}


def test_what_decides_a_claim_is_there() -> None:
    for row in rows():
        where = f"{row['id']}.{row['claim']}: {row['decided_by']}"
        said = row["decided_by"].split(" ", 1)
        match row["verdict"]:
            case "proved":
                name, finding = said
                lines = [line for line in ledger()[name] if line.finding == finding]
                assert any(line.certificate and line.standing == "met" for line in lines), where
            case "supported" | "refuted":
                assert (ROOT / said[0]).is_file(), where
                assert len(said) == 1 or said[1] in TABLES[said[0]], where
            case "undecided":
                assert not row["decided_by"], where
            case "left out":
                assert row["decided_by"], where
            case other:
                raise AssertionError(f"{where}: no verdict {other!r}")


def test_every_fact_is_a_claim() -> None:
    claims = {f"{row['id']}.{row['claim']}" for row in rows()}
    names = [name for table in TABLES.values() for name in table]
    assert len(names) == len(set(names))
    assert set(names) <= claims
