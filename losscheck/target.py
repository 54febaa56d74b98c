"""Targets: how code is named in words, so that another process can load it.

>>> parse_target("shop/losses.py:make_focal(gamma=2.0)")
Target(place='shop/losses.py', attribute='make_focal', args=(), keywords={'gamma': 2.0})
>>> str(parse_target("torch.nn.functional:cross_entropy"))
'torch.nn.functional:cross_entropy'
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

LONGEST = 10_000
"""Characters of a target: nobody writes more arguments than that."""

_FORM = re.compile(r"(.+?):([^\W\d]\w*(?:\.[^\W\d]\w*)*)(\(.*\))?", re.DOTALL)


@dataclass(frozen=True)
class Target:
    """A module or file, an attribute of it, and the literal arguments of a call that makes the loss.

    ``keywords`` is None where the attribute itself is the loss.
    """

    place: str
    attribute: str
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] | None = None

    def __str__(self) -> str:
        named = f"{self.place}:{self.attribute}"
        if self.keywords is None:
            return named
        words = [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.keywords.items())]
        return f"{named}({', '.join(words)})"


def parse_target(text: str) -> Target:
    """Read a target.

    Raises
    ------
    ValueError
        When it does not have the form of one, or an argument is no literal.
    """
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError(
            f"loss={text[:200]!r} is no target; write 'package.module:attr', such as "
            "'torch.nn.functional:cross_entropy', or 'path/file.py:attr', for a class or a factory with its arguments: "
            "'torch.nn:CrossEntropyLoss(label_smoothing=0.1)'"
        )
    place, attribute, call = found.groups()
    if call is None:
        return Target(place, attribute)
    try:
        parsed = ast.parse(f"f{call}", mode="eval").body
        if not isinstance(parsed, ast.Call) or not isinstance(parsed.func, ast.Name):
            raise ValueError("it is no call")
        if any(keyword.arg is None for keyword in parsed.keywords):
            raise ValueError("** has no place in it")
        args = tuple(ast.literal_eval(each) for each in parsed.args)
        keywords = {str(each.arg): ast.literal_eval(each.value) for each in parsed.keywords}
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as problem:
        raise ValueError(
            f"loss={text[:200]!r}: the arguments of {attribute} cannot be read ({problem}); write literals only, such "
            "as gamma=2.0, reduction='sum', weights=[1, 2]"
        ) from None
    return Target(place, attribute, args, keywords)
