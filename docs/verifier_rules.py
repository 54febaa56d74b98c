"""The table of the verifier's rules: what each rests on, what it costs, what became of mutants and of breakers.

- ``python -m docs.verifier_rules collect FILE``: ask every theory claim of the catalogue, one certificate a line;
- ``python -m docs.verifier_rules measure FILE...``: time and mutate certificates, into ``verifier-rules.json``; rules
  that it has already are left as they are;
- ``python -m docs.verifier_rules table``: write ``verifier-rules.md`` from that file, the rules and the breakers.

Run from the root of the repository. Times are of one core of the machine that measured.
"""

from __future__ import annotations

import ast
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import losscheck.verifier.rules
from losscheck.verifier import CertificateRejected, verify
from tests.quality.test_rules_breakers import BREAKERS, GOOD, RULES, used
from tests.verifier.mutants import meaning, mutate, samples_agree

FIGURES = Path(__file__).with_name("verifier-rules.json")
PAGE = Path(__file__).with_name("verifier-rules.md")
MUTANTS, CERTIFICATES, TIMED = 60, 6, 12
CHECKS = frozenset({"expect", "premise", "cover", "at_least", "mixtures_at_least"})
SOURCE = re.compile(r"\(([A-Z][^()]*?(?:18|19|20)\d\d[^()]*)\)")
OUTCOMES = ("rejected", "unchanged", "another", "spare", "wrong")


def collect(file: Path) -> None:
    """Write the certificate of every claim of the catalogue that is decided."""
    from losscheck.catalogue import entries
    from losscheck.gallery.deciding import theory_claims
    from losscheck.identifier import parse_identifier
    from losscheck.lifting.lifting import lift
    from losscheck.property import properties
    from losscheck.ranges import split

    with file.open("w", encoding="utf-8") as out:
        for name, made in entries().items():
            defaults = {x: parameter.default for x, parameter in made.parameters.items()}
            for claim in theory_claims(made):
                said = parse_identifier(claim.finding)
                fixed, ranges = split({**defaults, **claim.params})
                try:
                    signature = {"signature": made.signature, "ranges": ranges}
                    lifted = lift(made.function, kind=str(made.kind), n_classes=3, params=fixed, **signature)
                    entry = properties()[said.property]
                    with np.errstate(all="ignore"):
                        outcome = entry.answer(lifted, **{**entry.params, **said.params})
                except Exception as error:  # what cannot be read or asked has no certificate
                    print(f"{name} {claim.finding}: {error}", file=sys.stderr)
                    continue
                if outcome.certificate is not None:
                    out.write(json.dumps(outcome.certificate) + "\n")


def certificates(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the certificates of the breakers and of files."""
    yield from GOOD.values()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            made = found.get("certificate", found)
            if "proof" in made:
                yield made


def measure(files: Iterable[Path]) -> None:
    """Time the certificates of every new rule, mutate some, and write the figures."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures = {rule: row for rule, row in figures.items() if rule in RULES}
    everything = list(certificates(files))
    seen: dict[str, list[dict[str, Any]]] = {rule: [] for rule in RULES if rule not in figures}
    for each in everything:
        for rule in set(used(each["proof"])) & seen.keys():
            seen[rule].append(each)
    rng = random.Random(11)
    for rule, kept in seen.items():
        found = list(_timed(kept if len(kept) <= TIMED else rng.sample(kept, TIMED)))
        times = [seconds for seconds, _ in found]
        quick = sorted(found, key=lambda x: x[0])[:CERTIFICATES]
        counts = dict.fromkeys(OUTCOMES, 0)
        for i in range(MUTANTS if quick else 0):
            counts[_mutant(quick[i % len(quick)][1], rng.choice(everything), rng)] += 1
        figures[rule] = {
            "certificates": len(kept),
            "median": round(1000 * statistics.median(times), 2) if times else None,
            "worst": round(1000 * max(times), 1) if times else None,
            **counts,
        }
        print(rule, figures[rule], flush=True)
    text = ",\n".join(f"{json.dumps(rule)}: {json.dumps(figures[rule])}" for rule in sorted(figures))
    FIGURES.write_text("{\n" + text + "\n}\n", encoding="utf-8")


def _timed(kept: Iterable[dict[str, Any]]) -> Iterator[tuple[float, dict[str, Any]]]:
    for each in kept:
        try:
            yield min(_seconds(each), _seconds(each)), each  # the first time a rule is imported
        except CertificateRejected:  # of another version
            continue


def _seconds(certificate: dict[str, Any]) -> float:
    started = time.process_time()
    verify(certificate)
    return time.process_time() - started


def _mutant(one: dict[str, Any], other: dict[str, Any], rng: random.Random) -> str:
    mutant, _ = mutate(one, other, rng)
    if json.dumps(mutant, sort_keys=True) == json.dumps(one, sort_keys=True):
        return "unchanged"
    try:
        found = verify(mutant)
    except CertificateRejected:
        return "rejected"
    if not samples_agree(mutant, found):
        return "wrong"
    if found != verify(one):
        return "another"
    return "spare" if meaning(mutant) == meaning(one) else "wrong"


def row(rule: str, figures: dict[str, Any]) -> str:
    """Return the line of the table about one rule."""
    file = Path(losscheck.verifier.rules.__path__[0]) / f"{rule}.py"
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lesson = " ".join((ast.get_docstring(tree) or "").split())
    lemma = re.split(r"(?<=[.:])\s", lesson, maxsplit=1)[0].rstrip(".:").replace("|", r"\|")
    source = SOURCE.search(lesson)
    calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    checks = sum(getattr(f, "id", getattr(f, "attr", "")) in CHECKS for f in calls)
    seen = figures.get(rule, {})
    cells = [
        f'<a id="{rule}"></a>`{rule}`', lemma, source.group(1) if source else "",
        checks, text.count("\n"), seen.get("certificates", 0), seen.get("median", ""), seen.get("worst", ""),
        *(seen.get(x, "") for x in OUTCOMES),
        len(BREAKERS.get(rule, ())),
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def table() -> str:
    """Return the page."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    sums = {x: sum(row[x] for row in figures.values()) for x in OUTCOMES}
    tried = sum(sums.values())
    head = f"""# The verifier's rules

{len(RULES)} rules, each in one file of `losscheck/verifier/rules/` whose docstring has the lemma with all hypotheses.
This page is written by `python -m docs.verifier_rules table`.

- **checks**: places in the file at which it may reject (kernel and shared files check more);
- **certificates**: those of the claims of the catalogue and of tests, with milliseconds of CPU (median, worst);
- **mutants**: certificates with one random change of graph, claim or proof. *Rejected*; *unchanged* (the change wrote
  what was there); *other*: accepted for another statement; *spare*: the same statement, by a proof that did not need
  what was changed; *wrong*: the same statement though graph or claim had changed, or one that samples contradict.
  {tried} mutants: {sums["rejected"]} rejected, {sums["unchanged"]} unchanged, {sums["another"]} other, {sums["spare"]}
  spare, **{sums["wrong"]} wrong**;
- **breakers**: losses or proofs that break one hypothesis each, all rejected by the rule itself
  (`tests/quality/breakers/`, {sum(map(len, BREAKERS.values()))} in all).

| rule | lemma | source | checks | lines | certificates | median ms | worst ms | rejected | unchanged | other | spare \
| wrong | breakers |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""
    return head + "\n".join(row(rule, figures) for rule in RULES) + "\n"


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "collect":
        collect(Path(rest[0]))
    elif what == "measure":
        measure(map(Path, rest))
    elif what == "table":
        PAGE.write_text(table(), encoding="utf-8")
    else:
        sys.exit(__doc__)
