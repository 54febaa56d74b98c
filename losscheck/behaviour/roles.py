"""Which argument predicts, which is the truth, which weighs: read from domains, then from names all libraries share.

Roles read from names may start a law of severity warning, never an error.
"""

from __future__ import annotations

from losscheck.signature import Argument, Signature

ROW_WEIGHTS = frozenset({"w", "weight", "weights", "sample_weight"})
ADVANTAGES = frozenset({"adv", "advs", "advantage", "advantages"})
"""Names of what a policy is told about its actions: data, no prediction."""


def prediction(signature: Signature) -> Argument | None:
    """Return the only floating argument that is no label and no weight; None where there are several or none."""
    found = [a for a in signature.floats if not a.is_label and not is_weight(a, signature)]
    return found[0] if len(found) == 1 else None


def target(signature: Signature) -> Argument | None:
    """Return the only label; None where there are several or none."""
    found = [a for a in signature.arguments if a.is_label]
    return found[0] if len(found) == 1 else None


def is_weight(argument: Argument, signature: Signature) -> bool:
    """Whether an argument weighs rows or classes."""
    by_class = argument.shape in (("K",), ("C",))
    positive = argument.domain == "positive" and len(signature.arguments) > 1
    return positive and (by_class or argument.name in ROW_WEIGHTS or argument.name == "pos_weight")


def row_weights(signature: Signature) -> Argument | None:
    """Return the argument with one weight per row, flat or as a column."""
    first = signature.batch
    shapes = ((first,), (first, "1"))
    return next(
        (a for a in signature.arguments if is_weight(a, signature) and a.shape in shapes and a.name != "pos_weight"),
        None,
    )


def element_weights(signature: Signature) -> Argument | None:
    """Return the argument with a weight per element or position of another floating argument."""
    shapes = [a.shape for a in signature.floats if not is_weight(a, signature)]
    weights = (a for a in signature.floats if a.name in ROW_WEIGHTS and is_weight(a, signature) and len(a.shape) > 1)
    return next((a for a in weights if any(shape[: len(a.shape)] == a.shape for shape in shapes)), None)


def class_weights(signature: Signature) -> Argument | None:
    """Return the argument with one weight per class."""
    weights = (a for a in signature.arguments if is_weight(a, signature) and a.shape in (("K",), ("C",)))
    return next((a for a in weights if a.name != "pos_weight"), None)


def is_embedding(argument: Argument, n_classes: int | None = None) -> bool:
    """Whether the numbers along the last axis are features, none of them the score of a class.

    Where the number of classes is given, so are those along a literal axis of another length.

    >>> from losscheck.signature import parse
    >>> [is_embedding(a, 3) for a in parse("e:(B,D):real f:(B,4):real g:(B,3):real z:(N,K):real").arguments]
    [True, True, False, False]
    """
    last = argument.shape[-1:]
    literal = n_classes is not None and len(argument.shape) > 1 and last[0].isdigit() and last[0] != str(n_classes)
    return last == ("D",) or literal
