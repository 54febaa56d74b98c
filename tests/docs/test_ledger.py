"""The ledger covers the catalogue and says what an audit says: a few entries in every run, all of them when fuzzing."""

import hashlib
import json
import os
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from losscheck.catalogue import entries, find
from losscheck.cli import app
from losscheck.gallery.decided import Decided
from losscheck.gallery.deciding import decide, theory_claims
from losscheck.gallery.ledger import FILE, ledger, line_of, update

FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
CLAIMING = [name for name, made in entries().items() if theory_claims(made)]
# Another choice whenever the ledger changes, and the same one for the same tree.
ROTATED = random.Random(hashlib.sha256(FILE.read_bytes()).hexdigest())
AGAIN = CLAIMING if FUZZ else ["hinge", *ROTATED.sample(CLAIMING, 6)]


def test_every_claim_of_the_theory_has_a_line() -> None:
    missing = [
        f"{made.name}: {claim.finding}"
        for made in entries().values()
        for claim in theory_claims(made)
        if line_of(made.name, claim) is None
    ]
    assert not missing, "run python -m losscheck.gallery ledger"
    assert list(ledger()) == list(entries())


def test_claims_stand_unless_they_are_disputed() -> None:
    for name, lines in ledger().items():
        for line in lines:
            assert line.standing == "violated" if line.disputed else line.standing in ("met", "open"), (name, line)
            assert (line.certificate is not None) == (line.verdict == "proved") or line.verdict == "refuted", (
                name,
                line,
            )


@pytest.mark.parametrize("name", AGAIN)
def test_the_audit_says_so_again(name: str) -> None:
    said = [(line.finding, line.params, line.verdict, line.standing) for line in decide(find(name))]
    assert said == [(line.finding, line.params, line.verdict, line.standing) for line in ledger()[name]]


def test_update_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: find(name) for name in ("hinge", "squared_hinge")}
    monkeypatch.setattr("losscheck.gallery.ledger.entries", lambda: few)
    file = tmp_path / "ledger.json"
    first, _ = next(update(file)), update(file)
    assert first == ("hinge", len(few["hinge"].claims))
    assert list(json.loads(file.read_text())) == ["hinge"]
    assert [name for name, _ in update(file)] == ["squared_hinge"]
    assert not list(update(file))
    assert [name for name, _ in update(file, again=few)] == list(few)


def test_lines_are_read_back_and_hostile_ones_are_not() -> None:
    for line in ledger()["hinge"]:
        assert Decided.from_dict(line.to_dict()) == line
    good = ledger()["hinge"][0].to_dict()
    for bad in ({}, good | {"more": 1}, good | {"finding": 3}, good | {"witness": "text"}):
        with pytest.raises(ValueError, match="a line of the ledger"):
            Decided.from_dict(bad)


def test_list_and_explain_show_it() -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        return done.output

    assert "Hinge loss" in said("list", "--losses", "--kind", "margin")
    assert "proved" in said("list", "--losses", "--kind", "margin")
    claims = said("list", "--claims", "brier")
    assert "claim strictly_proper = True  (Gneiting, Raftery, 2007)\n  proved: " in claims
    assert 'witness {"p": ["2/5"' in claims
    told = said("explain", "focal")
    for part in ("formula", "parameter gamma", "refuted: ", "reference Lin"):
        assert part in told
    assert "the published claim is false" in said("explain", "normalised_reverse_published")
    assert CliRunner().invoke(app, ["list", "--claims", "hingee"]).exit_code == 2
