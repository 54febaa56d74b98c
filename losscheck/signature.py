"""The signature language: what a loss takes, one word ``name:shape:domain`` per argument.

=========  =====================================================================================================
shape      ``N`` a batch of independent rows, ``B`` a batch whose rows may interact, ``K`` or ``C`` the classes,
           ``M`` elements, ``L`` positions, ``D`` features, digits a literal size; ``()`` a scalar
domain     real, positive, unit, (0,1), simplex, simplex+ (its interior), logsimplex, index, index* (or
           ``index*=V``: V marks ignored labels, default -100), {0,1}, {0,1}+ (not all 0), {-1,1}, [-1,1], mask,
           box (x1 y1 x2 y2), count, length
more       ``|v`` adds a value (``real|-inf``, ``{0,1}|255``); a dtype may follow (``{0,1}uint8``)
=========  =====================================================================================================

>>> signature = parse("z:(N,K):real y:(N,):index*=255")
>>> [(a.name, a.shape, a.domain, a.ignored) for a in signature.arguments]
[('z', ('N', 'K'), 'real', None), ('y', ('N',), 'index*', 255)]
>>> signature.batch
'N'
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

FLOATING = frozenset({"real", "positive", "unit", "(0,1)", "simplex", "simplex+", "logsimplex", "[-1,1]", "box"})
DISCRETE = frozenset({"index", "index*", "{0,1}", "{0,1}+", "{-1,1}", "mask", "count", "length"})
DOMAINS = (
    "real", "positive", "unit", "(0,1)", "simplex", "simplex+", "logsimplex", "index", "index*",
    "{0,1}", "{0,1}+", "{-1,1}", "[-1,1]", "mask", "box", "count", "length",
)  # fmt: skip
ALIASES = {"[0,1]": "unit"}
DTYPES = (
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
)  # fmt: skip
AXES = "NBKCMLD"
TARGET_NAMES = frozenset({"y", "t", "q", "target", "targets", "label", "labels", "y_true", "gt", "truth"})


@dataclass(frozen=True)
class Argument:
    """One argument: its name, its axes, the set its numbers come from."""

    name: str
    shape: tuple[str, ...]
    domain: str
    also: tuple[float, ...] = ()
    ignored: int | None = None
    dtype: str | None = None
    predicts: bool = False
    """Whether it is a prediction though its name is one of targets: a value ``q`` beside its ``target``."""

    @property
    def is_float(self) -> bool:
        """Whether the argument is made of floating-point numbers that may be cast and differentiated."""
        return self.domain in FLOATING and self.dtype is None

    @property
    def is_label(self) -> bool:
        """Whether the argument says what is true, by its domain or by a name all libraries share."""
        return self.domain in {"index", "index*", "{0,1}", "{0,1}+", "{-1,1}"} or (
            self.name in TARGET_NAMES and not self.predicts
        )

    @property
    def class_axis(self) -> int:
        """The axis that runs over the classes; the last one where none is marked."""
        return next((i for i, axis in enumerate(self.shape) if axis in ("K", "C")), len(self.shape) - 1)


@dataclass(frozen=True)
class Signature:
    """The arguments of a loss in the order of the call."""

    arguments: tuple[Argument, ...]
    text: str

    @property
    def batch(self) -> str | None:
        """``N`` or ``B`` where the first axis of an argument is a batch, else None (the input is one item)."""
        firsts = [a.shape[0] for a in self.arguments if a.shape]
        return next((axis for axis in ("N", "B") if axis in firsts), None)

    @property
    def has_classes(self) -> bool:
        """Whether a number of classes has to be chosen."""
        return any(axis in ("K", "C") for a in self.arguments for axis in a.shape) or any(
            a.domain.startswith("index") for a in self.arguments
        )

    @property
    def floats(self) -> tuple[Argument, ...]:
        """The floating-point arguments."""
        return tuple(a for a in self.arguments if a.is_float)

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Signature:
    """Read a signature such as ``"z:(N,K):real y:(N,):index"``.

    Raises
    ------
    ValueError
        When a word is not of the form name:shape:domain, or an axis, domain or value is not known.
    """
    words = text.split()
    if not words:
        raise ValueError(
            'signature="" names no argument; write one word per argument, such as "z:(N,K):real y:(N,):index"'
        )
    arguments = _with_a_prediction(tuple(_argument(word, text) for word in words))
    names = [a.name for a in arguments]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"signature={text!r}: the argument {name!r} appears twice; give each its own name")
    return Signature(arguments, " ".join(words))


def _with_a_prediction(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Let ``q`` be the prediction where every argument is called a target: ``q:(N,):real target:(N,):real``."""
    if len(arguments) < 2 or not all(a.is_label for a in arguments):
        return arguments
    return tuple(replace(a, predicts=True) if a.name == "q" and a.is_float else a for a in arguments)


def _argument(word: str, text: str) -> Argument:
    parts = word.split(":", 2)
    if len(parts) != 3 or not parts[0].isidentifier():
        raise ValueError(f"signature={text!r}: {word!r} is not name:shape:domain; write for instance 'z:(N,K):real'")
    name, shape, domain = parts
    if not (shape.startswith("(") and shape.endswith(")")):
        raise ValueError(
            f"signature={text!r}: the shape {shape!r} of {name} is not in brackets; write '(N,)' or '(N,K)'"
        )
    axes = tuple(axis for axis in shape[1:-1].split(",") if axis)
    for axis in axes:
        if (axis not in AXES and not (axis.isdigit() and int(axis) > 0)) or (len(axis) > 1 and not axis.isdigit()):
            raise ValueError(
                f"signature={text!r}: the axis {axis!r} of {name} is not known; axes are N, B (batch), K, C (classes), "
                "M (elements), L (positions), D (features) and literal sizes"
            )
    first, *rest = domain.split("|")
    base, ignored, dtype = _domain(first, name, text)
    values = []
    for value in rest:
        number = re.fullmatch(r"([-+]?(?:inf|nan|[0-9.]+(?:e[-+]?\d+)?))([a-z]\w*)?", value)
        if number is None or number.group(2) not in (None, *DTYPES):
            raise ValueError(
                f"signature={text!r}: {value!r} after '|' in {name} is not a number; write '|-inf' or '|255'"
            )
        values.append(float(number.group(1)))
        dtype = number.group(2) or dtype
    return Argument(name, axes, base, tuple(values), ignored, dtype)


def _domain(word: str, name: str, text: str) -> tuple[str, int | None, str | None]:
    """Split ``{0,1}uint8`` or ``index*=255`` into base, ignored label and dtype."""
    for base in sorted((*DOMAINS, *ALIASES), key=len, reverse=True):
        if not word.startswith(base):
            continue
        rest, ignored = word[len(base) :], -100 if base == "index*" else None
        if base == "index*" and (mark := re.match(r"=(-?\d+)", rest)):
            ignored, rest = int(mark.group(1)), rest[mark.end() :]
        if rest in ("", *DTYPES):
            return ALIASES.get(base, base), ignored, rest or None
    close = difflib.get_close_matches(word, DOMAINS, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"signature={text!r}: the domain {word!r} of {name} is not known{hint} Domains: {', '.join(DOMAINS)}"
    )
