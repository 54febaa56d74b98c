"""The cache on disk: nothing in it is trusted, and what comes from it is what was computed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.answering import _kept as kept_outcomes
from losscheck.cache import Cache, cache_file, key_of
from losscheck.property import properties
from losscheck.remembering import theory_key
from losscheck.theory_answers import Reading, ask, ask_all, read
from losscheck.verdict import Outcome, Verdict
from losscheck.worker_transport import pack

ASKED = ["convex", "classification_calibrated", "nonnegative", "value_finite", "pure"]


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1.0 - v)


def capped(v: Any) -> Any:
    return np.minimum(np.maximum(0.0, 1.0 - v), 2.0)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOSSCHECK_CACHE", str(tmp_path))
    found = cache_file()
    assert found is not None
    return found


def findings(report: losscheck.Report) -> list[dict[str, Any]]:
    return [{**finding.to_dict(), "seconds": None} for finding in report.findings]


def audit(loss: Any = hinge, **more: Any) -> losscheck.Report:
    return losscheck.audit(loss, kind="margin", properties=ASKED, **more)


def test_the_second_audit_says_the_same_and_notes_where_from(kept: Path) -> None:
    first, second = audit(), audit()
    assert first.notes == ()
    count = len(first.findings)
    assert second.notes == (
        f"{count} of {count} answers came from the cache; the verifier checked their certificates again",
    )
    assert findings(first) == findings(second)
    assert first["convex"].verdict is Verdict.PROVED


def test_what_an_answer_depends_on_is_asked_again(kept: Path) -> None:
    audit()
    assert audit(capped).notes == ()
    assert "3 of" in audit(seed=1).notes[0]  # theory has no seed
    assert "3 of" in audit(dtypes=["float64"]).notes[0]


def test_equal_graphs_share_theory_and_not_behaviour(kept: Path) -> None:
    audit()
    again = audit(lambda v: np.where(v < 1.0, 1.0 - v, 0.0))
    assert again.notes
    assert again.notes[0].startswith("3 of")


def test_off_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSCHECK_CACHE", "off")
    assert audit().notes == audit().notes == ()
    assert not list(tmp_path.iterdir())


def test_a_changed_certificate_is_dropped_and_computed_again(kept: Path) -> None:
    """An entry with a right checksum and a wrong certificate: the verifier is asked, not the cache."""
    cache = Cache(kept)
    job = {"digest": None, "kind": "margin", "signature": None}
    reading = read(job, capped, {}, None)
    entry = properties()["convex"]
    key = theory_key(str(reading.digest), "convex", {})
    other = read(job, hinge, {}, None)
    proof, _ = ask(other, entry, {}, cache)
    assert proof.verdict is Verdict.PROVED
    forged = cache.get(theory_key(str(other.digest), "convex", {}))
    cache.put(key, forged)
    answer, cached = ask(reading, entry, {}, cache)
    assert (answer.verdict, cached) == (Verdict.REFUTED, False)
    assert cache.get(key)["outcome"]["verdict"] == "refuted"


def test_a_behaviour_is_never_proved_by_the_cache(kept: Path) -> None:
    cache, key = Cache(kept), key_of("behaviour", "any")
    entry = pack(Outcome(Verdict.SUPPORTED, "no value was infinite"))
    cache.put(key, [entry])
    assert kept_outcomes(cache, key) == [entry]
    cache.put(key, [{**entry, "verdict": "proved"}])
    assert kept_outcomes(cache, key) is None


def test_answers_about_ranges_are_those_of_the_graph_asked(kept: Path) -> None:
    """An entry whose certificates are valid, but about another loss with the same parameter."""
    cache, entry = Cache(kept), properties()["convex"]
    job = {"digest": None, "kind": "margin", "signature": None}

    def good(v: Any, gamma: float) -> Any:
        return np.maximum(0.0, gamma - v)

    def bad(v: Any, gamma: float) -> Any:
        return np.minimum(0.0, gamma - v)

    asked = {"gamma": (0, 1)}
    mine, other = read(job, bad, asked, None), read(job, good, asked, None)
    proved = ask_all(other, entry, {}, cache)
    assert proved[0][0].verdict is Verdict.PROVED
    assert [cached for _, cached, _ in ask_all(other, entry, {}, cache)] == [True]
    forged = cache.get(theory_key(str(other.digest), "convex", {}))
    cache.put(theory_key(str(mine.digest), "convex", {}), forged)
    answers = ask_all(mine, entry, {}, cache)
    assert [(outcome.verdict, cached) for outcome, cached, _ in answers] == [(Verdict.REFUTED, False)]
    assert {digest for *_, digest in answers} == {mine.digest}


def test_an_answer_that_looked_at_other_sizes_holds_only_for_them(tmp_path: Path) -> None:
    """Two losses with one graph at K = 3 and other graphs at K = 4."""
    cache, entry = Cache(tmp_path / "answers"), properties()["data_processing"]

    def kl(p: Any, q: Any) -> Any:
        return np.sum(p * np.log(p / q), axis=1)

    def only_at_3(p: Any, q: Any) -> Any:
        return np.sum(p * np.log(p / q), axis=1) * (1.0 if p.shape[1] == 3 else 2.0)

    def answer(loss: Any) -> tuple[Outcome, bool]:
        reading = read({"digest": None, "kind": "divergence", "signature": None}, loss, {}, 3)
        assert reading.lifted is not None
        return ask(reading, entry, {}, cache)

    assert answer(kl)[1] is False
    assert answer(kl)[1] is True
    assert answer(only_at_3)[1] is False


@pytest.mark.parametrize("harm", ["value", "file", "table", "folder"])
def test_corruption_is_dropped(kept: Path, harm: str) -> None:
    cache = Cache(kept)
    cache.put("a", {"x": [1, None, "½"]})
    assert cache.get("a") == {"x": [1, None, "½"]}
    if harm == "value":
        with sqlite3.connect(kept) as database:
            database.execute("UPDATE answers SET value = '{\"x\": 2}'")
        database.close()
    elif harm == "file":
        kept.write_bytes(b"no database " * 1000)
    elif harm == "table":
        kept.write_bytes(kept.read_bytes()[:5000] + b"\xff" * 4000)
    else:
        kept.unlink()
        kept.mkdir()
    assert cache.get("a") is None
    cache.put("a", 3)
    assert cache.get("a") == (None if harm == "folder" else 3)


def test_large_caches_lose_what_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("losscheck.cache.LARGEST", 200_000)
    cache = Cache(tmp_path / "answers")
    for i in range(40):
        cache.put(str(i), "x" * 10_000)
    assert (tmp_path / "answers").stat().st_size < 400_000
    assert cache.get("39")
    assert cache.get("0") is None


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    code = (
        "import sys; from losscheck.cache import Cache\n"
        "c = Cache(sys.argv[1])\n"
        "for i in range(60): c.put(f'{sys.argv[2]} {i}', i); c.put('shared', 'x' * i); c.get('shared')\n"
    )
    path = tmp_path / "answers"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), str(n)]) for n in range(3)]
    assert [each.wait(timeout=60) for each in running] == [0, 0, 0]
    cache = Cache(path)
    assert all(cache.get(f"{n} {i}") == i for n in range(3) for i in range(60))


def test_a_cache_without_a_place_holds_nothing() -> None:
    cache = Cache(None)
    cache.put("a", 1)
    assert cache.get("a") is None


def test_keys_are_of_contents() -> None:
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of("a", 1) != key_of("a", 2) != key_of(["a", 2])


def test_everything_kept_is_json(kept: Path) -> None:
    audit()
    with sqlite3.connect(kept) as database:
        rows = database.execute("SELECT value FROM answers").fetchall()
    database.close()
    assert len(rows) == len(ASKED)
    assert all(json.loads(text) for (text,) in rows)


def test_unread_losses_are_answered_as_before() -> None:
    reading = Reading(None, "it is a riddle")
    answer, cached = ask(reading, properties()["convex"], {}, Cache(None))
    assert (answer.verdict, cached) == (Verdict.UNSUPPORTED, False)
