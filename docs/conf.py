"""Sphinx: the site, built without a network. Formulas become MathML; theory pages and the gallery are generated."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import losscheck
from losscheck.catalogue import entries, find
from losscheck.explaining import waiving
from losscheck.gallery.formula import formula
from losscheck.gallery.ledger import ledger
from losscheck.gallery.writing import write
from losscheck.identifier import parse_identifier
from losscheck.property import properties

project = "losscheck"
author = "The losscheck authors"
copyright = author
version = release = losscheck.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples", "literature.csv"]
html_extra_path = ["field-audit-table.html"]  # a site of its own, as `losscheck sweep --site` writes it
html_theme = "furo"
html_title = f"losscheck {release}"
html_math_renderer = "mathml"
html_show_sourcelink = False
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings name what is taken, in fewer words
GALLERY = os.environ.get("LOSSCHECK_GALLERY", "").split() or None  # a few names for a quick build; empty: every loss


def _inline(self: Any, node: Any) -> None:
    self.body.append(formula(node.astext(), display=False))
    _skip()


def _display(self: Any, node: Any) -> None:
    self.body.append(f"<div>{formula(node.astext())}</div>")
    _skip()


def _skip() -> None:
    from docutils.nodes import SkipNode

    raise SkipNode


def _claimed_of(name: str) -> str:
    """Return a paragraph of links to the losses of which a property is claimed."""
    shown = entries().values() if GALLERY is None else map(find, GALLERY)
    of = [made.name for made in shown if any(parse_identifier(claim.finding).property == name for claim in made.claims)]
    links = ", ".join(f"`{each} <../gallery/{each}.html>`__" for each in of)
    return f"\nClaimed of, with what the audit says: {links}; `all losses <../gallery/index.html>`__.\n" if of else ""


def _theory_pages(app: Any) -> None:
    """Write one page per property from its docstring, and their contents."""
    folder = Path(app.srcdir) / "theory"
    folder.mkdir(exist_ok=True)
    known = sorted(properties().values(), key=lambda each: each.name)
    for each in known:
        title = f"{each.name}: {each.title[0].lower()}{each.title[1:]}"
        asked = ", ".join(sorted(each.kinds)) or "every loss"
        how = f"\n{waiving(each.name)} :doc:`More </how-to/waiving>`.\n" if each.layer == "behaviour" else ""
        text = f"{title}\n{'=' * len(title)}\n\nAsked of: {asked}.\n\n{each.doc}\n{how}{_claimed_of(each.name)}"
        page = folder / f"{each.name}.rst"
        if not page.exists() or page.read_text(encoding="utf-8") != text:  # an unchanged page is not built again
            page.write_text(text, encoding="utf-8")
    for layer, title in (
        ("theory", "Theory: true over the reals or not"),
        ("behaviour", "Behaviour: the code in floats"),
    ):
        names = "\n".join(f"   {each.name}" for each in known if each.layer == layer)
        text = f"{title}\n{'=' * len(title)}\n\n.. toctree::\n   :maxdepth: 1\n\n{names}\n"
        (folder / f"index_{layer}.rst").write_text(text, encoding="utf-8")


def _support_map(app: Any) -> None:
    """Write the table of what the claims of the catalogue came out as, by kind and property."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for name, lines in ledger().items():
        for line in lines:
            by_kind = counts.setdefault(parse_identifier(line.finding).property, {})
            by_kind.setdefault(find(name).kind or "signature", Counter())[line.verdict] += 1
    kinds = sorted({kind for by_kind in counts.values() for kind in by_kind})
    table = ["   * - property", *(f"     - {kind}" for kind in kinds)]
    for name, by_kind in sorted(counts.items()):
        table.append(f"   * - :doc:`{name} <{name}>`")
        for kind in kinds:
            seen = by_kind.get(kind, Counter())
            decided = seen["proved"] + seen["refuted"]
            table.append(f"     - {decided} of {sum(seen.values())}" if seen else "     -")
    title = "Support map"
    text = (
        f"{title}\n{'=' * len(title)}\n\n"
        "How many of the claims about the losses of the catalogue are decided (proved or refuted, with a certificate\n"
        "that the verifier accepted), by property and kind. The claims are those of papers and our own;\n"
        "``tests/docs/test_ledger.py`` decides a sample of them again in every run. An empty cell: no loss of the\n"
        "catalogue claims it, which says nothing of whether it could be decided.\n\n"
        ".. list-table::\n   :header-rows: 1\n   :stub-columns: 1\n\n" + "\n".join(table) + "\n"
    )
    (Path(app.srcdir) / "theory" / "support_map.rst").write_text(text, encoding="utf-8")


def _gallery(app: Any, problem: Exception | None) -> None:
    if problem is None and app.builder.name == "html":
        write(Path(app.outdir) / "gallery", GALLERY, site="../index.html")


def setup(app: Any) -> None:
    """Register the renderer of formulas and what is generated."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.connect("builder-inited", _theory_pages)
    app.connect("builder-inited", _support_map)
    app.connect("build-finished", _gallery)
