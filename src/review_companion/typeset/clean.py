"""Limits outputs of cells to the HTML and SVG that a report may show, and writes SVG in few bytes.

Both are read by lxml's parsers; `allowed.toml` says what they may hold. What only moves or
decorates (scripts of a drawing, handlers, metadata) is left out; what would be missed, or does more
than show, is refused by name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html

ALLOWED = tomllib.loads(Path(__file__).with_name("allowed.toml").read_text("utf-8"))
HTML, SVG = (
    {name: frozenset(words.split()) for name, words in ALLOWED[kind].items()}
    for kind in ("html", "svg")
)
KEPT = 64  # outputs that a preview does not clean again
OWN = re.compile(r"(aria|data)-[a-z-]+")
LAYOUT = {
    "col": re.compile(r"\s*width:\s*[\d.]+%;?\s*"),
    "td": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
    "th": re.compile(r"\s*text-align:\s*(left|right|center);?\s*"),
}
DRAWN = SVG["attributes"] | SVG["properties"]
SHARED = frozenset(name for name in SVG["properties"] if name.startswith(("fill", "stroke")))
DEFAULTS = {"text-anchor": "start", "font-weight": "400", "font-style": "normal"}
INNER_ADDRESS = re.compile(r"#[^\s\"'()<>]+")
PICTURE_ADDRESS = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+")
PAINT = re.compile(r"url\(['\"]?(?!#)", re.IGNORECASE)
SHEET = re.compile(r"\s*\*\s*\{\s*(stroke-line(join|cap):\s*\w+;?\s*)*\}\s*")
SHEET_SAYS = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
FONT = re.compile(
    r"(?:(?P<style>italic|oblique|normal) )?(?:(?P<weight>[1-9]00|bold|normal) )?"
    r"(?P<size>[\d.]+[a-z]+) (?P<family>.+)"
)
COUNTED = re.compile(r"[\w.]*_\d+")
HASHED = re.compile(r"[mp][0-9a-f]{10}")
REFERENCE = re.compile(r"(?<=url\(#)[^)]+")
UNTURNED = re.compile(r"rotate\(-?0[ )].*")
LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}")
AROUND = re.compile(r" ?([A-Za-z]) ?")
ZERO = re.compile(r"(?<![\d.])0\.(?=\d)")
NAMESPACE = "{http://www.w3.org/2000/svg}"
HREF = ("href", "{http://www.w3.org/1999/xlink}href")


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
    if not isinstance(element.tag, str) or element.tag == "style":
        _drop(element)
        return True
    if element.tag not in HTML["elements"]:
        raise Unsupported(f"an output with the element <{element.tag}>")
    hidden = [name for name in element.attrib if not _is_shown(element, name)]
    for name in hidden:
        del element.attrib[name]
    return bool(hidden)


def _is_shown(element: Any, name: str) -> bool:
    if name == "style" and element.tag in LAYOUT:
        return LAYOUT[element.tag].fullmatch(element.get(name)) is not None
    return name in HTML["attributes"] or OWN.fullmatch(name) is not None


def _drop(element: Any) -> None:
    """Takes the element out; the text after it stays."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def write_svg(text: str, path: Path) -> None:
    """Write an SVG that is small, and safe together with others in one page.

    Raises Unsupported for what a report cannot show. Styles become attributes, and what
    matplotlib's style sheet says those of the root, since the page's policy admits no style but its
    own; each id and each reference to one begins with the file's name.
    """
    path.write_text(_small(text, path.stem), encoding="utf-8")


@lru_cache(KEPT)
def _small(text: str, prefix: str) -> str:
    root = _parsed(text)
    sheets = sum([_clean(element) for element in list(root.iter())])
    ids = dict.fromkeys(element.get("id", "") for element in root.iter())
    short = {name: f"m{n}" for n, name in enumerate(filter(HASHED.fullmatch, ids), 1)}
    names = {name: f"{prefix}-{short.get(name, name)}" for name in ids}
    for element in list(root.iter()):
        _shorten(element, names)
    said = SHEET_SAYS | _one_family(root)
    if sheets:  # of a drawing that matplotlib wrote
        _group_alike(root)
    svg = str(lxml.etree.tostring(root, encoding="unicode", with_tail=False))
    return svg.replace("<svg", "<svg" + "".join(f' {n}="{v}"' for n, v in said.items()), 1)


def _parsed(text: str) -> Any:
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.etree.fromstring(text.encode(), parser)
    except lxml.etree.XMLSyntaxError as problem:
        raise Unsupported(f"a drawing that is not SVG ({problem})") from None
    if root.tag != f"{NAMESPACE}svg":
        raise Unsupported("a drawing that is not SVG")
    return root


def _clean(element: Any) -> bool:
    """Leaves of an element what may be shown; whether it was matplotlib's style sheet."""
    if not isinstance(element.tag, str):
        raise Unsupported("a drawing with entities of its own")
    name = element.tag.removeprefix(NAMESPACE)
    if name == "style" and not SHEET.fullmatch(element.text or ""):
        raise Unsupported("a drawing with a style sheet")
    if name in SVG["dropped"] or "}" in name:
        _drop(element)
    elif name not in SVG["elements"]:
        raise Unsupported(f"a drawing with the element <{name}>")
    else:
        styles = dict(_declarations(element.attrib.pop("style", "")))
        given = {n: v for n, v in element.items() if n not in styles and _is_drawn(name, n, v)}
        _set(element, given | styles)
    return name == "style"


def _set(element: Any, attributes: dict[str, str]) -> None:
    element.attrib.clear()
    for name, value in attributes.items():
        element.set(name, value)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, value = (part.strip() for part in declaration.partition(":")[::2])
        font = FONT.fullmatch(value) if name == "font" else None
        if font:
            yield from ((f"font-{part}", said) for part, said in font.groupdict().items() if said)
        elif name in SVG["properties"] and not PAINT.search(value):
            yield name, value.replace('"', "'")


def _is_drawn(element: str, name: str, value: str) -> bool:
    if name in HREF:
        allowed = PICTURE_ADDRESS if element == "image" else INNER_ADDRESS
        return allowed.fullmatch(value) is not None
    known = name in DRAWN or OWN.fullmatch(name) is not None
    return known and not PAINT.search(value)


def _shorten(element: Any, names: dict[str, str]) -> None:
    """The same element in fewer bytes, its ids and references by their names.

    Coordinates are to a hundredth of a point, ids that matplotlib counts (`line2d_8`) are left out:
    nothing refers to those, and they would change with every mark that is added. So are groups that
    say nothing, and lines between elements.
    """
    _set(element, dict(_shortened(element, names)))
    for part in ("text", "tail"):
        text = getattr(element, part) or ""
        if "\n" in text and not text.strip():
            setattr(element, part, "")
    is_empty = element.text is None and not len(element)
    if element.tag == f"{NAMESPACE}defs" and element.text == "" and not len(element):
        _drop(element)
    elif element.tag == f"{NAMESPACE}g" and not element.attrib and not is_empty:
        _unwrap(element)


def _shortened(element: Any, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        if name == "d":
            yield name, _short_path(value)
        elif name == "id":
            if not COUNTED.fullmatch(value):
                yield name, names[value]
        elif name in HREF:
            yield "href", f"#{names.get(value[1:], value[1:])}" if value[0] == "#" else value
        elif name in ("x", "y") and LONG_NUMBER.fullmatch(value):
            yield name, _short_number(value)
        elif DEFAULTS.get(name) != value and not (name == "transform" and UNTURNED.match(value)):
            value = REFERENCE.sub(lambda found: names.get(found[0], found[0]), value)
            yield name, value.replace("#ffffff", "#fff")


def _short_path(path: str) -> str:
    short = LONG_NUMBER.sub(lambda number: _short_number(number[0]), path)
    return AROUND.sub(r"\1", ZERO.sub(".", " ".join(short.split()).replace("-0 ", "0 ")))


def _short_number(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def _unwrap(group: Any) -> None:
    """Puts what the group holds in its place."""
    parent, at = group.getparent(), group.getparent().index(group)
    parent[at:at] = list(group)
    _drop(group)


def _one_family(root: Any) -> dict[str, str]:
    """A family of fonts that every text names is named once, by the root."""
    texts = list(root.iter(f"{NAMESPACE}text", f"{NAMESPACE}textPath"))
    families = {text.get("font-family") for text in texts}
    if len(families) != 1 or None in families:
        return {}
    for text in texts:
        del text.attrib["font-family"]
    return {"font-family": families.pop()}


def _group_alike(root: Any) -> None:
    """Lines that follow each other and look the same share the look of a group."""
    for parent in list(root.iter()):
        for look, run in groupby(list(parent), _look):
            lines = list(run)
            if look and len(lines) > 1:
                group = lxml.etree.Element(f"{NAMESPACE}g", dict(look))
                parent.insert(parent.index(lines[0]), group)
                for line in lines:
                    _set(line, {"d": line.get("d")})
                group.extend(lines)


def _look(element: Any) -> tuple[tuple[str, str], ...]:
    """How a line looks, where that is all that is said of it besides its outline."""
    (first, *look) = element.items() or [("", "")]
    is_line = element.tag == f"{NAMESPACE}path" and first[0] == "d" and not element.tail
    return tuple(look) if is_line and SHARED.issuperset(dict(look)) else ()
