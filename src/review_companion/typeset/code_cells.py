"""Code cells: their `#|` options, checked by name, and their outputs and pictures.

Outputs become raw fences that `filter.lua` reads, and files which they name.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..evidence.appendix import LISTS
from ..figures import ON_A_PHONE
from ..notebooks.notebook_files import CellPlace
from ..package.files import foreign, read_bytes
from ..package.yaml_files import require_allowed
from ..package.yaml_nodes import parse_yaml, without_empty
from .clean import Unsupported, clean_html, write_svg
from .prose import Footnotes, formula, prose, require_printable

OPTION = re.compile(r"^#\|\s?(.*)$")
PREFERRED = (
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/html",
    "text/latex",
    "text/plain",
)
SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg"}
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
}
READ = ("notebooks", "data")  # folders whose every file is an input of the report
WITHOUT_IT = "use one of: Markdown, HTML without scripts, SVG, PNG, JPEG, TeX, plain text"


@dataclass(frozen=True)
class CellOptions:
    """What a code cell asks of its rendering; `code` is the cell without its option lines.

    `caption_kind` is `fig` or `tbl` where there is a caption.
    """

    code: str
    label: str = ""
    caption: str = ""
    alt: str = ""
    widths: tuple[float, ...] = ()
    echo: bool = True
    include: bool = True
    output: bool | str = True
    warning: bool = True
    classes: tuple[str, ...] = ()
    caption_kind: str = ""

    @property
    def named(self) -> str:
        """What a message calls the cell's output."""
        return f"'{self.label}'" if self.label else f"the {self.caption_kind} with a caption"

    @property
    def float_kind(self) -> str:
        """`fig` or `tbl` where the cell's output is a numbered float, else empty."""
        kind = self.label.partition("-")[0]
        return kind if kind in {"fig", "tbl"} and "-" in self.label else ""


def read_options(source: str, place: CellPlace, *, echo: bool, warning: bool) -> CellOptions:
    """Parse the option lines at the head of a code cell.

    `echo` and `warning` are the book's defaults. Raises CompanionError with notebook, cell and
    line for malformed YAML, an unknown option, a value of the wrong kind, and a float without
    caption or (for figures) without alternative text.
    """
    lines = source.splitlines()
    heads = [match[1] for match in takewhile(bool, map(OPTION.match, lines)) if match]
    for number, line in enumerate(lines[len(heads) :], len(heads) + 1):
        if OPTION.match(line):
            raise place.error("option lines must be at the top of a cell", number)
    values = _values(heads, place)
    texts = {name: " ".join(str(value).split()) for name, value in values.items()}
    classes = values.get("classes", ())
    names = classes.split() if isinstance(classes, str) else map(str, classes)
    widths = values.get("tbl-colwidths", "auto")
    options = CellOptions(
        code="\n".join(lines[len(heads) :]).strip("\n"),
        label=texts.get("label", ""),
        caption=texts.get("tbl-cap") or texts.get("fig-cap", ""),
        caption_kind="".join(kind for kind in ("fig", "tbl") if f"{kind}-cap" in values),
        alt=texts.get("fig-alt", ""),
        widths=() if widths == "auto" else tuple(float(w / sum(widths)) for w in widths),
        echo=values.get("echo", echo),
        include=values.get("include", True),
        output=values.get("output", True),
        warning=values.get("warning", warning),
        classes=tuple(name.lstrip(".") for name in names),
    )
    _require_captions(options, values, place)
    return options


def _values(heads: list[str], place: CellPlace) -> Mapping[str, Any]:
    try:
        values = without_empty(parse_yaml("\n".join(heads), "option") or {})
        if isinstance(values, dict):
            require_allowed(values, "cell")
    except CompanionError as error:
        line = int((error.where or "").rpartition(":")[2] or 1)
        raise place.error(f"cell option: {error.what}", line, error.hint) from None
    if not isinstance(values, dict):
        raise place.error("options are written as `#| name: value`", 1)
    return values


def _require_captions(options: CellOptions, values: Mapping[str, Any], place: CellPlace) -> None:
    kind = options.float_kind
    if options.caption_kind == "figtbl":
        raise place.error("a cell has one caption: 'fig-cap' or 'tbl-cap'")
    if kind and f"{kind}-cap" not in values:
        raise place.error(f"'{options.label}' needs the option '{kind}-cap'")
    if kind == "fig" and not options.alt:
        raise place.error(f"'{options.label}' needs the option 'fig-alt'")


def fenced(text: str, mark: str) -> str:
    """A block of code that shows the text as it is, or, with `=kind`, names something.

    The fence is longer than any run of backticks within the text.
    """
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{{mark}}}\n{text}\n{fence}"


def bundle(
    data: Mapping[str, Any], options: CellOptions, notes: Footnotes, stem: Path, place: CellPlace
) -> str:
    """One output as Markdown; its files are named after `stem`.

    Raises CompanionError with notebook and cell for what a report cannot show.
    """
    kind = next((kind for kind in PREFERRED if kind in data), None)
    others = sorted(set(data) - set(PREFERRED) - {LISTS, ON_A_PHONE})
    if kind in (None, "text/plain") and others:
        what = f"an output of kind {', '.join(others)} is not supported"
        raise place.error(what, hint=WITHOUT_IT)
    if kind is None:
        raise place.error("an output without content", hint=WITHOUT_IT)
    text = data[kind]
    require_printable(text, place)
    try:
        if LISTS in data:
            return _lists(data, stem)
        if kind == "text/html":
            return _html("=companion-html", clean_html(text), stem)
        if kind.startswith("image/"):
            return _image(kind, data, options, stem, place)
    except Unsupported as problem:
        raise place.error(f"{problem} is not supported", hint=WITHOUT_IT) from None
    if kind == "text/latex":
        return f"$${formula(text, place)}$$"
    if kind == "text/markdown":
        return prose(text, notes, place)
    return fenced(text, ".cell-output")


def _lists(data: Mapping[str, Any], stem: Path) -> str:
    text = data["text/html"]
    if clean_html(text) != text:
        raise Unsupported("an attribute in the audit lists")
    lists = stem.with_suffix(".json")
    lists.write_text(json.dumps(data[LISTS], ensure_ascii=False), encoding="utf-8")
    return f"{_html('=companion-verbatim', text, stem)}\n\n{fenced(lists.name, '=companion-lists')}"


def _html(mark: str, text: str, stem: Path) -> str:
    path = stem.with_suffix(".html")
    path.write_text(text, encoding="utf-8")
    return fenced(path.name, mark)


def _image(
    kind: str, data: Mapping[str, Any], options: CellOptions, stem: Path, place: CellPlace
) -> str:
    if not options.alt:
        raise place.error("an image needs the option 'fig-alt'")
    if kind == "image/svg+xml":
        return fenced(json.dumps(_drawing(data, options, stem)), "=companion-image")
    encoded = "".join(data[kind].split())
    path = stem.with_suffix(SUFFIX[kind])
    path.write_bytes(_checked(encoded, kind))
    marker = {"file": path.name, "alt": options.alt, "data": encoded}
    return fenced(json.dumps(marker), "=companion-image")


def _drawing(data: Mapping[str, Any], options: CellOptions, stem: Path) -> dict[str, str]:
    """The files of a drawing; a figure of ours has one for phones, and tells its own numbers."""
    write_svg(data["image/svg+xml"], stem.with_suffix(".svg"))
    drawing = {"file": f"{stem.name}.svg", "alt": options.alt}
    if ON_A_PHONE in data:
        drawing |= {"narrow": f"{stem.name}-narrow.svg", "alt": data["text/plain"]}
        write_svg(data[ON_A_PHONE], stem.with_name(drawing["narrow"]))
    return drawing


def _checked(encoded: str, kind: str) -> bytes:
    """The bytes of a picture that can be read to its end."""
    from PIL import Image

    name = kind.removeprefix("image/").upper()
    try:
        content = base64.b64decode(encoded, validate=True)
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            picture.load()
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unsupported(f"a picture that cannot be read as {name}") from None
    return content


def read_picture(
    root: Path, file: str, alt: str, place: CellPlace
) -> tuple[dict[str, str], CellOptions]:
    """A picture in prose as a cell's output would be; it is a file in the chapter's folder.

    Raises CompanionError for one that is not there, is of another kind, or lies where no file is
    an input of the report.
    """
    path = (root / place.source).parent / file
    kind = PICTURES.get(path.suffix.lower())
    if not alt.strip():
        raise place.error("a picture says what is seen in it", hint=f"![what is seen]({file})")
    if kind is None:
        hint = f"use: {', '.join(PICTURES)}"
        raise place.error(f"the picture “{file}” is of another kind", hint=hint)
    if not path.is_file():
        raise place.error(f"there is no picture “{file}”", hint=f"it would be {path}")
    inside = any(path.resolve().is_relative_to((root / name).resolve()) for name in READ)
    if not inside or foreign(path, root):
        raise place.error(f"the picture “{file}” lies elsewhere", hint="put it into notebooks/")
    try:
        data = read_bytes(path)
    except CompanionError as error:
        raise place.error(f"the picture “{file}”: {error.what}") from None
    is_text = kind == "image/svg+xml"
    text = data.decode("utf-8", "replace") if is_text else base64.b64encode(data).decode()
    return {kind: text}, CellOptions("", alt=alt)
