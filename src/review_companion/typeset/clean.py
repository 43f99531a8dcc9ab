"""Limits outputs of cells to the HTML and SVG that a report may show.

Both are read by lxml's parsers. What only moves or decorates (scripts of a drawing, handlers,
metadata) is left out; what would be missed, or does more than show, is refused by name.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html

ALLOWED = tomllib.loads(Path(__file__).with_name("allowed.toml").read_text("utf-8"))
HTML = {name: frozenset(words.split()) for name, words in ALLOWED["html"].items()}
KEPT = 64  # outputs that a preview does not clean again
OWN = re.compile(r"(aria|data)-[a-z-]+")
LAYOUT = {
    "col": re.compile(r"\s*width:\s*[\d.]+%;?\s*"),
    "td": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
    "th": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
}
LOOK = frozenset({"style"})


class Unsupported(ValueError):
    """What a report cannot show; its text says what."""


@lru_cache(KEPT)
def clean_html(text: str) -> str:
    """The HTML of an output, limited to what a report may show; the same text if that is all.

    Raises Unsupported, naming the element, for what is refused.
    """
    parser = lxml.etree.HTMLParser()  # lxml.html's own asks Python for the class of each element
    root: Any = lxml.html.fragment_fromstring(text, create_parent="div", parser=parser)
    changed = sum([_clean_element(element) for element in list(root.iter())[1:]])
    if not changed:
        return text
    inner = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    return str(inner.partition(">")[2].rpartition("<")[0])


def _clean_element(element: Any) -> bool:
    """Removes what may be left out; whether there was anything."""
    if element.tag is lxml.etree.Comment:
        return False
    if not isinstance(element.tag, str) or element.tag in LOOK:
        drop(element)
        return True
    if element.tag not in HTML["elements"]:
        raise Unsupported(f"an output with the element <{element.tag}>")
    return _drop_attributes(element, [n for n in element.attrib if not _is_shown(element, n)])


def _is_shown(element: Any, name: str) -> bool:
    if name == "style" and element.tag in LAYOUT:
        return LAYOUT[element.tag].fullmatch(element.get(name)) is not None
    return name in HTML["attributes"] or OWN.fullmatch(name) is not None


def _drop_attributes(element: Any, names: list[str]) -> bool:
    for name in names:
        del element.attrib[name]
    return bool(names)


def drop(element: Any) -> None:
    """Takes the element out; the text after it stays."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
