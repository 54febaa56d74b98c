"""What an audit asks, checked: bad arguments raise here, before any code of the loss runs."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from losscheck.behaviour.formats import FORMATS
from losscheck.identifier import parse_identifier
from losscheck.kinds import resolve_signature
from losscheck.loss import Loss, infer_kind
from losscheck.property import Property, properties
from losscheck.ranges import exact, is_range
from losscheck.signature import Signature

EFFORTS = ("quick", "ci", "thorough")
FIRST = "accepts_valid_input"


@dataclass(frozen=True)
class Question:
    """One property to ask, with its parameters and number of classes."""

    property: Property
    params: dict[str, Any]
    n_classes: int | None


@dataclass(frozen=True)
class Request:
    """A checked audit: the loss, how it is called, and the questions in the order they are asked."""

    loss: Loss
    kind: str | None
    signature: Signature
    classes: tuple[int, ...]
    params: dict[str, Any]
    questions: tuple[Question, ...]
    claims: dict[str, Any]
    waive: dict[str, str]
    dtypes: tuple[str, ...]
    effort: str
    seed: int
    device: str = "cpu"


def request(
    loss: Loss,
    kind: str | None,
    signature: str | None,
    n_classes: int | Sequence[int],
    params: Mapping[str, Any] | None,
    claims: Mapping[str, Any] | None,
    waive: Mapping[str, str] | None,
    asked: Iterable[str | tuple[str, Mapping[str, Any]]] | None,
    dtypes: Sequence[str],
    effort: str,
    seed: int,
    device: str = "cpu",
) -> Request:
    """Check the arguments of an audit.

    Raises
    ------
    ValueError
        Naming the argument, what was given, what is allowed and what to do.
    """
    # A signature alone asks for behaviour only: it is taken at its word, and no kind is guessed.
    kind = kind or loss.kind or (None if signature or loss.signature else infer_kind(loss.function))
    called = resolve_signature(kind, signature or loss.signature)
    classes = _classes(n_classes) if called.has_classes else ()
    held = dict(loss.claims if claims is None else claims)
    wanted = _questions(asked, kind, held)
    return Request(
        loss=loss,
        kind=kind,
        signature=called,
        classes=classes,
        params=_params({**loss.params, **(params or {})}),
        questions=tuple(Question(entry, given, k) for k in classes or (None,) for entry, given in wanted),
        claims=held,
        waive=_waived(waive),
        dtypes=_dtypes(dtypes),
        effort=_one_of("effort", effort, EFFORTS),
        seed=_seed(seed),
        device=_device(device),
    )


def _questions(
    asked: Iterable[str | tuple[str, Mapping[str, Any]]] | None, kind: str | None, claims: Mapping[str, Any]
) -> list[tuple[Property, dict[str, Any]]]:
    found: list[tuple[Property, dict[str, Any]]] = []
    if asked is None:
        for entry in properties().values():
            if entry.layer == "behaviour" or (kind in entry.kinds and not entry.required | entry.one_of):
                found.append((entry, dict(entry.params)))
        for name in claims:  # a claim with parameters of its own is a question of its own
            said = parse_identifier(name)
            found.append(_question(said.property, said.params))
    else:
        if isinstance(asked, str):
            raise ValueError(f"properties={asked!r} is a string; give a list, [{asked!r}]")
        for each in asked:
            name, given = (each, {}) if isinstance(each, str) else each
            found.append(_question(name, dict(given)))
        for name in claims:
            _known(parse_identifier(name).property)
    unique = [pair for place, pair in enumerate(found) if pair not in found[:place]]
    # The first call decides whether there is anything to observe, so it comes first; theory, which may take long, last.
    return sorted(unique, key=lambda pair: (pair[0].layer == "theory", pair[0].name != FIRST))


def _known(name: str) -> Property:
    known = properties()
    if name not in known:
        close = difflib.get_close_matches(str(name), known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else f"properties are {', '.join(sorted(known))}"
        raise ValueError(f"no property {name!r}; {hint}")
    return known[name]


def _question(name: str, given: dict[str, Any]) -> tuple[Property, dict[str, Any]]:
    entry = _known(name)
    allowed = {*entry.params, *entry.required, *entry.one_of, *entry.optional}
    for key in given:
        if key not in allowed:
            takes = f"takes {', '.join(sorted(allowed))}" if allowed else "takes no parameters"
            raise ValueError(f"{name} has no parameter {key!r}; it {takes}")
    missing = entry.required - given.keys()
    if missing:
        raise ValueError(f"{name} needs {', '.join(sorted(missing))}; ask it as ({name!r}, {{{min(missing)!r}: ...}})")
    if entry.one_of and len(entry.one_of & given.keys()) != 1:
        some = sorted(entry.one_of)
        raise ValueError(f"{name} needs one of {', '.join(some)}; ask it as ({name!r}, {{{some[0]!r}: ...}})")
    return entry, {**entry.params, **given}


def _classes(given: int | Sequence[int]) -> tuple[int, ...]:
    several = (given,) if isinstance(given, int) else tuple(given)
    for k in several:
        if isinstance(k, bool) or not isinstance(k, int) or k < 2:
            raise ValueError(f"n_classes={given!r}; give an integer of at least 2, or several different ones")
    if not several or len(set(several)) != len(several):
        raise ValueError(f"n_classes={given!r}; give one number of classes, or several different ones")
    return several


def _params(given: dict[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if is_range(value):
            exact(name, value)
    return given


def _dtypes(given: Sequence[str]) -> tuple[str, ...]:
    several = (given,) if isinstance(given, str) else tuple(given)
    for dtype in several:
        _one_of("dtypes", dtype, FORMATS)
    if not several:
        raise ValueError(f"dtypes={given!r} names none; formats are {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(several))


def _one_of(name: str, given: str, allowed: Sequence[str]) -> str:
    if given not in allowed:
        raise ValueError(f"{name}={given!r} is not known; give one of {', '.join(allowed)}")
    return given


def _seed(given: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ValueError(f"seed={given!r}; give an integer that is not negative")
    return given


def _waived(given: Mapping[str, str] | None) -> dict[str, str]:
    for name, reason in (given or {}).items():
        _known(parse_identifier(name).property)
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"waive[{name!r}]={reason!r} is no reason; say in words why the finding is accepted")
    return dict(given or {})


def timeout_seconds(given: float | None) -> float | None:
    """Return the wall-clock limit of an audit.

    Raises
    ------
    ValueError
        When it is not a positive number.
    """
    if given is not None and (isinstance(given, bool) or not given > 0 or math.isinf(given)):
        raise ValueError(f"timeout={given!r}; give a positive number of seconds, or None for no limit")
    return given


def _device(device: str) -> str:
    """Return a device that torch can put a tensor on here."""
    if device == "cpu":
        return device
    import torch

    try:
        made = torch.zeros(1, device=device)
        made.cpu()  # of meta tensors no number comes back
        return str(made.device)
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        why = str(error).splitlines()[0]
        raise ValueError(f"device={device!r} cannot be used: {why}; leave it out for the CPU") from error
