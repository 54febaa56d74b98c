"""What an answer depends on, as keys of the cache: graphs for theory, code and libraries for behaviour.

Equal graphs may round differently, so behaviour is never kept by graph; and a proof is about a graph, so theory is
shared by every loss that is the same function.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from losscheck.cache import key_of
from losscheck.environment import environment
from losscheck.plain import plain


@functools.cache
def source_digest() -> str:
    """Return the digest of losscheck's own source: whatever it says may change when a line of it does."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    files = (Path(place, name) for place, _, names in os.walk(root, followlinks=True) for name in names)
    for file in sorted(file for file in files if file.suffix == ".py"):
        digest.update(f"{file.relative_to(root)} ".encode() + file.read_bytes())
    return digest.hexdigest()


@functools.cache
def _machine() -> tuple[Any, ...]:
    """Return what floats may depend on besides the code: the machine and the instructions that NumPy uses on it."""
    import numpy

    shown: Any = numpy.show_config(mode="dicts")
    return platform.machine(), platform.system(), plain(shown.get("SIMD Extensions", {}))


@functools.cache
def _versions() -> dict[str, str]:
    return environment()


def theory_key(graph: str, name: str, params: Mapping[str, Any]) -> str:
    """Return the key of a theory property of a graph; its digest names kind, number of classes and domain too."""
    return key_of("theory", source_digest(), _versions(), graph, name, plain(params))


def behaviour_key(code: str, job: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    """Return the key of a behaviour property of code, with everything that chooses its inputs."""
    asked = [job[part] for part in ("kind", "signature", "dtypes", "effort", "seed", "device")]
    said = [question[part] for part in ("property", "params", "n_classes")]
    return key_of("behaviour", source_digest(), _versions(), _machine(), code, asked, plain(said))


def told(cached: Iterable[bool]) -> list[str]:
    """Return the note of a report some of whose answers came from the cache."""
    each = list(cached)
    if not any(each):
        return []
    return [f"{sum(each)} of {len(each)} answers came from the cache; the verifier checked their certificates again"]
