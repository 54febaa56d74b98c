"""Ask theory properties of a lifted loss, and let the independent verifier have the last word on each answer."""

from __future__ import annotations

import itertools
import json
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from losscheck.cache import Cache
from losscheck.chaining import conclude, decided
from losscheck.plain import plain
from losscheck.property import Property, properties
from losscheck.range_answers import answers, part_digest
from losscheck.ranges import split
from losscheck.remembering import theory_key
from losscheck.verdict import Outcome, Verdict, not_applicable, undecided, unsupported
from losscheck.verifier import CertificateRejected
from losscheck.worker_transport import floats, pack, unpack

KEPT = 256
QUANTITIES = ("value", "bounds", "slack", "constants")
MALFORMED = (ValueError, TypeError, LookupError, AttributeError)
"""What reading a cache entry that is none of ours raises."""

"""Lifts and answers kept per worker: an audit asks one property at a time of the same few losses."""


@dataclass(frozen=True)
class Reading:
    """A lifted loss, or why it could not be lifted."""

    lifted: Any
    why_not: str | None = None
    location: str | None = None
    defect: str | None = None
    origin: str = ""
    """What was read: answers in memory are kept by it."""
    sizes: dict[int, str] = field(default_factory=dict)
    """Digests of the same code read for other numbers of classes, as far as some answer looked at them."""

    @property
    def digest(self) -> str | None:
        """The digest of the lifted graph."""
        return None if self.lifted is None else str(self.lifted.digest)


_READINGS: OrderedDict[str, Reading] = OrderedDict()
_ANSWERS: OrderedDict[str, Outcome] = OrderedDict()
_NAMELESS = itertools.count()


def read(job: dict[str, Any], function: Callable[..., Any], params: dict[str, Any], n_classes: int | None) -> Reading:
    """Lift the loss of ``job``; a loss lifted before in this process is not lifted again."""
    key = json.dumps([job["digest"], job["kind"], job["signature"], n_classes])
    if key in _READINGS:
        _READINGS.move_to_end(key)
        return _READINGS[key]
    origin = key if job["digest"] is not None else f"{key} {next(_NAMELESS)}"
    reading = replace(_lift(job, function, params, n_classes), origin=origin)
    if job["digest"] is not None:
        _keep(_READINGS, key, reading)
    return reading


def _lift(job: dict[str, Any], function: Callable[..., Any], params: dict[str, Any], n_classes: int | None) -> Reading:
    if job["kind"] is None:
        return Reading(None, "no kind was given, so the arguments have no meaning to prove anything about")
    from losscheck.lifting.lifting import lift
    from losscheck.lifting.unsupported import Unsupported

    try:
        fixed, ranges = split(params)
        lifted = lift(
            function,
            kind=job["kind"],
            n_classes=n_classes,
            params=fixed,
            signature=job["signature"],
            ranges=ranges,
        )
    except Unsupported as error:
        return Reading(None, error.message, error.location)
    except (MemoryError, RecursionError) as error:
        return Reading(None, f"reading it ended with {type(error).__name__}")
    except Exception:
        return Reading(None, defect=traceback.format_exc())
    sizes: dict[int, str] = {}
    resize = lifted.resized

    def resized(size: int) -> Any:
        sizes[size] = ""
        found = None if resize is None else resize(size)
        sizes[size] = str(getattr(found, "digest", ""))
        return found

    return Reading(lifted if resize is None else replace(lifted, resized=resized), sizes=sizes)


def ask(reading: Reading, entry: Property, params: dict[str, Any], cache: Cache) -> tuple[Outcome, bool]:
    """Return the answer of one theory property, checked by the verifier, and whether it came from the cache."""
    if reading.defect is not None:
        return _defect(f"the lift failed: {reading.defect}"), False
    if reading.lifted is None:
        return unsupported(f"the loss could not be read: {reading.why_not}", location=reading.location), False
    kind = str(reading.lifted.kind)
    if entry.kinds and kind not in entry.kinds:
        return not_applicable(f"{entry.name} is asked of {', '.join(sorted(entry.kinds))}, not of kind {kind}"), False
    whole = {**entry.params, **params}
    key = theory_key(str(reading.digest), entry.name, whole)
    kept = _recall(reading, cache, key)
    if kept is not None:
        # The certificate is the evidence, the cache is not.
        confirmed = confirm(kept, entry.name, whole, reading.digest)
        if confirmed.verdict is not Verdict.ERROR:
            return confirmed, True
        cache.drop(key)
    outcome, lasting = _found(reading, entry, params)
    confirmed = confirm(outcome, entry.name, whole, reading.digest)
    if lasting and confirmed.verdict is not Verdict.ERROR:
        cache.put(key, {"outcome": pack(confirmed), "sizes": [[k, digest] for k, digest in reading.sizes.items()]})
    return confirmed, False


Said = list[tuple[Outcome, bool, str | None]]
"""Outcomes, whether each came from the cache, and the digests of the graphs they are about."""


def ask_all(reading: Reading, entry: Property, params: dict[str, Any], cache: Cache) -> Said:
    """Return all answers of one theory property: one, or with a range of a parameter also those about its parts."""
    if (
        reading.lifted is None
        or not reading.lifted.parameters
        or (entry.kinds and reading.lifted.kind not in entry.kinds)
    ):
        outcome, cached = ask(reading, entry, params, cache)
        return [(outcome, cached, reading.digest)]
    whole = {**entry.params, **params}
    key = theory_key(str(reading.digest), entry.name, whole)
    kept = _recall_all(reading, cache, key)
    confirmed: Said = [(confirm(outcome, entry.name, whole, digest), True, digest) for outcome, digest in kept]
    if kept and all(outcome.verdict is not Verdict.ERROR for outcome, *_ in confirmed):
        return confirmed

    def about(lifted: Any) -> Outcome:
        return _found(Reading(lifted, origin=reading.origin), entry, params)[0]

    found = list(answers(reading.lifted, entry.name, about))
    confirmed = [(confirm(outcome, entry.name, whole, digest), False, digest) for outcome, digest in found]
    if all(outcome.verdict is not Verdict.ERROR and outcome.reason != "time" for outcome, *_ in confirmed):
        cache.put(key, [[pack(outcome), digest] for outcome, _, digest in confirmed])
    return confirmed


def _recall_all(reading: Reading, cache: Cache, key: str) -> list[tuple[Outcome, str]]:
    """Return the answers in the cache: about the whole ranges first, then about parts of them, of this very graph."""
    try:
        kept = [(unpack(outcome), str(digest)) for outcome, digest in cache.get(key) or ()]
        meant = [reading.lifted.digest] + [part_digest(reading.lifted, outcome) for outcome, _ in kept[1:]]
    except (*MALFORMED, ArithmeticError):
        return []
    return kept if [digest for _, digest in kept] == meant else []


def _recall(reading: Reading, cache: Cache, key: str) -> Outcome | None:
    """Return the answer in the cache, if it is one and all that it looked at is still what it was."""
    kept = cache.get(key)
    try:
        sizes, outcome = [(int(size), str(digest)) for size, digest in kept["sizes"]], unpack(kept["outcome"])
    except MALFORMED:
        return None
    for size, digest in sizes:
        try:
            now = reading.lifted.resized(size).digest
        except Exception:  # it cannot be read for that number of classes
            now = ""
        if now != digest:
            return None
    return outcome


def _found(reading: Reading, entry: Property, params: dict[str, Any]) -> tuple[Outcome, bool]:
    """Search for an answer; also whether another search would end the same way."""
    try:
        outcome = _answer(reading, entry, params)
        if decided(outcome) is None and not params and outcome.verdict is not Verdict.NOT_APPLICABLE:
            outcome = conclude(reading.lifted, entry.name, lambda name: _premise(reading, name)) or outcome
    except MemoryError:
        return undecided(f"{entry.name} needed more memory than it may use", reason="memory"), False
    except ArithmeticError as error:  # a search that divides by zero has found nothing; the verifier never raises it
        told = f"the search for a proof of {entry.name} broke off: {error}"
        return undecided(told, reason="the search broke off"), True
    except CertificateRejected as rejected:  # such as a loss of logits on part of the line: no certificate can say so
        return undecided(f"no proof of {entry.name} can be stated: {rejected}", reason="no theorem applies"), True
    return outcome, True


def _answer(reading: Reading, entry: Property, params: dict[str, Any]) -> Outcome:
    """Return what the property itself says, asked once per lifted loss."""
    key = json.dumps([reading.origin, reading.digest, entry.name, plain(params)], sort_keys=True)
    if key not in _ANSWERS:
        with np.errstate(all="ignore"):  # float searches meet overflow on purpose
            _keep(_ANSWERS, key, entry.answer(reading.lifted, **params))
    _ANSWERS.move_to_end(key)
    return _ANSWERS[key]


def _premise(reading: Reading, name: str) -> Outcome | None:
    """Return the answer to a property a theorem needs, or None when it is not asked of this kind."""
    entry = properties().get(name)
    return None if entry is None or reading.lifted.kind not in entry.kinds else _answer(reading, entry, {})


def confirm(outcome: Outcome, name: str, params: dict[str, Any], digest: str | None) -> Outcome:
    """Return ``outcome`` if the verifier says the same of its certificate, numbers included; else an error."""
    if outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return outcome
    if outcome.certificate is None:
        return _defect(f"{name} is said to be {outcome.verdict.value} without a certificate")
    from losscheck.verified import verified

    try:
        said = verified(outcome.certificate)
    except Exception as error:  # whatever it is, the certificate did not pass
        return _defect(f"the verifier rejects the certificate of {name}: {type(error).__name__}: {error}")
    stated = [said.property, str(said.verdict), said.graph, plain(dict(said.params))]
    meant = [name, outcome.verdict.value, digest, plain({**params, **outcome.params})]
    stated += [plain(floats(getattr(said, part))) for part in QUANTITIES]
    meant += [plain(floats(getattr(outcome, part))) for part in QUANTITIES]
    if stated != meant:
        return _defect(f"the certificate of {name} states {stated}, the answer is {meant}")
    return outcome


def _defect(message: str) -> Outcome:
    return Outcome(Verdict.ERROR, message, reason="defect of losscheck")


def _keep(store: OrderedDict[str, Any], key: str, value: Any) -> None:
    store[key] = value
    while len(store) > KEPT:
        store.popitem(last=False)
