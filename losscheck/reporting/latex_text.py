r"""Text of documentation and messages as LaTeX: escaped, with the inline mathematics of our docstrings.

>>> converted("at ``x_0``: :math:`\\varphi(0)` <= 50%")
'at \\texttt{x\\_0}: $\\varphi(0)$ $\\le$ 50\\%'
"""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''", "`": "'",
}  # fmt: skip
_SIGNS = {"<=": r"$\le$", ">=": r"$\ge$", "->": r"$\to$", "!=": r"$\ne$"}
_INLINE = re.compile(r":math:`([^`]*)`|``(.+?)``|:\w+:`([^`]*)`", re.DOTALL)
_BLOCK = re.compile(r"^\.\. math::\s*", re.MULTILINE)


def escaped(text: str) -> str:
    """Return plain text as LaTeX; what plain LaTeX does not know becomes its nearest in ASCII, or its code."""
    return "".join(_SPECIAL.get(c, c if 32 <= ord(c) < 127 else _ascii(c)) for c in " ".join(text.split()))


def _ascii(c: str) -> str:
    near = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return "".join(_SPECIAL.get(x, x) for x in near if x.isprintable()) or f"(U+{ord(c):04X})"


def converted(text: str) -> str:
    """Return a piece of documentation as LaTeX: code, mathematics and signs; the rest escaped."""
    out, last = [], 0
    for found in _INLINE.finditer(text):
        out.append(_plain(text[last : found.start()]))
        mathematics, code, role = found.groups()
        out.append(
            f"${_safe(mathematics)}$" if mathematics is not None else rf"\texttt{{{escaped(code or role or '')}}}"
        )
        last = found.end()
    return "".join([*out, _plain(text[last:])])


def _plain(text: str) -> str:
    """Escape, keeping the blanks at both ends, and write comparison signs as such."""
    if not text.strip():
        return " " if text else ""
    parts = re.split(r"(<=|>=|->|!=)", text)
    body = "".join(_SIGNS.get(p) or (" " * p[:1].isspace() + escaped(p) + " " * p[-1:].isspace()) for p in parts if p)
    return re.sub(" +", " ", body)


def _safe(mathematics: str) -> str:
    """Mathematics of a docstring, if its braces match and it stays inside; else as text."""
    depth = 0
    for c in re.sub(r"\\[{}$]", "", mathematics):
        depth += (c == "{") - (c == "}")
        if depth < 0 or c == "$":
            break
    else:
        if depth == 0 and mathematics.strip() and mathematics.count(r"\left") == mathematics.count(r"\right"):
            return " ".join(mathematics.split())
    return rf"\text{{{escaped(mathematics)}}}"


def paragraphs(doc: str) -> list[str]:
    """Return the paragraphs of a documentation as LaTeX: displayed mathematics, lists, text."""
    out = []
    for part in doc.split("\n\n"):
        if _BLOCK.match(part):
            out.append(rf"\[ {_safe(_BLOCK.sub('', part, count=1))} \]")
        elif re.match(r"[*-] ", part):
            items = re.split(r"\n(?=[*-] )", part)
            listed = "\n".join(rf"\item {converted(item[2:])}" for item in items)
            out.append("\\begin{itemize}\n" + listed + "\n\\end{itemize}")
        elif part.strip():
            out.append(converted(part))
    return out
