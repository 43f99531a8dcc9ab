"""Drawings, pictures in prose, and what one volume keeps of another's chapters."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.cases import cases
from tests.typeset.fixtures import SVG

from review_companion.errors import CompanionError
from review_companion.typeset.clean import write_svg
from review_companion.typeset.code_cells import read_picture
from review_companion.typeset.config import Book, Chapter
from review_companion.typeset.prose import CellPlace, Footnotes, prose
from review_companion.typeset.skeleton import of_volume, skeleton


def written(tmp_path: Path, inner: str) -> str:
    """A drawing of matplotlib's as it is written, without what is said of all of it."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    sheet = "<style>*{stroke-linejoin: round; stroke-linecap: butt}</style>"
    write_svg(f"<svg {names}>{sheet}{inner}</svg>", tmp_path / "p.svg")
    said = ' stroke-linejoin="round" stroke-linecap="butt"'
    return (tmp_path / "p.svg").read_text().replace(said, "").replace(f" {names}", "")


def test_ids_and_all_their_references_get_the_prefix(tmp_path: Path) -> None:
    svg = (
        """<g id="a" fill="url(#a)"/><use xlink:href="#a"/><use href='#b'/>"""
        """<g id='b' style="clip-path: url(#a)"/><text>url(#a)</text>"""
    )
    assert written(tmp_path, svg) == (
        '<svg><g id="p-a" fill="url(#p-a)"/><use href="#p-a"/><use href="#p-b"/>'
        '<g id="p-b" clip-path="url(#p-a)"/><text>url(#a)</text></svg>'
    )


def test_style_sheets_scripts_and_handlers_are_left_out(tmp_path: Path) -> None:
    hostile = SVG.replace("<g id", '<script>alert(1)</script><g onload="alert(2)" id')
    write_svg(hostile, tmp_path / "fig-x.svg")
    written = (tmp_path / "fig-x.svg").read_text()
    assert written.startswith('<svg stroke-linejoin="round"')
    for unwanted in ("<style", "<script", "alert", "onload", "metadata", "<?xml", "DOCTYPE"):
        assert unwanted not in written
    assert 'id="fig-x-axes"' in written
    assert "Risk ≥ 12 %" in written


def test_a_drawing_shrinks_and_keeps_what_others_refer_to(tmp_path: Path) -> None:
    svg = (
        '\n <g id="line2d_8">\n  <path id="m80" d="M 0 3.504321 \nL -1.000001 2 \nz\n"'
        ' style="fill: none; stroke: #ffffff"/>\n </g>\n <g id="mark-doe-2020"><use href="#m80"/>'
        '<text x="0.1234">a  b</text></g>\n'
    )
    assert written(tmp_path, svg) == (
        '<svg><path id="p-m80" d="M0 3.5L-1 2z" fill="none" stroke="#fff"/>'
        '<g id="p-mark-doe-2020"><use href="#p-m80"/><text x="0.12">a  b</text></g></svg>'
    )


def test_what_every_text_of_a_drawing_repeats_is_said_once(tmp_path: Path) -> None:
    text = (
        "<text style=\"font-size: 9px; font-family: 'A B', serif; text-anchor: start; fill: #111\""
        ' x="1" transform="rotate(-0 1 2)">a</text>'
    )
    turned = text.replace("rotate(-0", "rotate(-90").replace("start", "middle")
    assert written(tmp_path, f"<g>{text}</g><g>{turned}</g>") == (
        """<svg font-family="'A B', serif"><text x="1" font-size="9px" fill="#111">a</text>"""
        """<text x="1" transform="rotate(-90 1 2)" font-size="9px" text-anchor="middle\""""
        """ fill="#111">a</text></svg>"""
    )


def test_fonts_that_differ_stay_where_they_are(tmp_path: Path) -> None:
    svg = '<text font-family="A">a</text><text font-family="B">b</text>'
    assert written(tmp_path, svg) == f"<svg>{svg}</svg>"


def test_neighbours_that_look_the_same_share_their_style(tmp_path: Path) -> None:
    line = '<path d="M 0 0 L 1 1" style="stroke:#111"/>'
    named = line.replace("<path", '<path id="a"')
    assert written(tmp_path, f"{line}{line}{named}{line}") == (
        '<svg><g stroke="#111"><path d="M0 0L1 1"/><path d="M0 0L1 1"/></g>'
        '<path id="p-a" d="M0 0L1 1" stroke="#111"/><path d="M0 0L1 1" stroke="#111"/></svg>'
    )


PLACE = CellPlace("notebooks/a.ipynb", 2, 3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "notebooks").mkdir()
    Image.new("RGB", (2, 2)).save(tmp_path / "notebooks/field.png")
    (tmp_path / "notebooks/line.svg").write_text("<svg/>", "utf-8")
    Image.new("RGB", (2, 2)).save(tmp_path / "elsewhere.png")
    return tmp_path


def test_only_a_line_of_its_own_outside_code_is_a_picture() -> None:
    text = (
        "a\n\n![A field](field.png)\n\nb ![x](y.png)\n```\n![z](z.png)\n```\n![u](https://x/u.png)"
    )
    found: list[tuple[str, str, int]] = []

    def picture(alt: str, file: str, place: CellPlace) -> str:
        found.append((alt, file, place.line))
        return "```{=companion-image}\n{}\n```"

    shown = prose(text, Footnotes(1), PLACE, picture=picture)
    assert found == [("A field", "field.png", 3)]
    assert shown.startswith("a\n\n\n```{=companion-image}\n{}\n```\n\n\nb ![x](y.png)")
    assert shown.count("![") == 3


def test_a_picture_is_read_as_an_output_would_be(root: Path) -> None:
    data, options = read_picture(root, "field.png", "A field", PLACE)
    assert list(data) == ["image/png"] and options.alt == "A field"
    assert read_picture(root, "line.svg", "A line", PLACE)[0] == {"image/svg+xml": "<svg/>"}


@cases
def test_another_is_refused_with_its_place(root: Path, file: str, alt: str, told: str) -> None:
    with pytest.raises(CompanionError, match=told) as raised:
        read_picture(root, file, alt, PLACE)
    assert raised.value.where == "notebooks/a.ipynb, cell 2, line 3"


SENTENCE = 'Four of [nine]{.traced trace="a/b"} lamps were on.'


@cases
def test_what_names_something_is_kept(block: str) -> None:
    assert skeleton(f"{SENTENCE}\n\n{block}\n\n{SENTENCE}\n") == f"{block}\n"


@cases
def test_what_names_nothing_is_not(block: str) -> None:
    assert skeleton(f"# Lamps\n\n{block}\n\n## More\n") == "# Lamps\n\n## More\n"


def test_of_a_paragraph_its_names_are_kept() -> None:
    text = '::: {.finding}\n[**One**]{#lamp-1} of [2]{.traced trace="a"}\n\n- [x]{#c}\n:::\n'
    assert skeleton(text) == "::: {.finding}\n\n[]{#lamp-1}\n\n[]{#c}\n\n:::\n"


def test_of_a_block_its_fences_are_kept() -> None:
    text = "::: {.finding #finding-1}\n\nA sentence.\n\n:::\n\nAnother."
    assert skeleton(text) == "::: {.finding #finding-1}\n\n:::\n"


def test_a_volume_has_its_own_chapters_whole(tmp_path: Path) -> None:
    chapters = (Chapter("a.md"), Chapter("b.md", volume="audit"))
    book = Book(tmp_path, "Lamps", chapters)
    before, after = (
        [f"# Lamps\n\n{sentence}\n", "# Audit\n\nOwn.\n"] for sentence in (SENTENCE, "Another.")
    )
    assert of_volume(book, before, "audit") == of_volume(book, after, "audit")
    assert "Own." in "".join(of_volume(book, before, "audit"))
    assert of_volume(book, before, "") != of_volume(book, after, "")
