"""A picture in prose: a line of its own, with what is seen in it, beside the chapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from review_companion.errors import CompanionError
from review_companion.typeset.code_cells import Place
from review_companion.typeset.pictures import read_picture, split_pictures

PLACE = Place("notebooks/a.ipynb", 2, 3)


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
    pieces = list(split_pictures(text))
    assert pieces[1] == (3, "A field", "field.png")
    assert len(pieces) == 3
    assert "".join(p for p in pieces if isinstance(p, str)).count("![") == 3


def test_a_picture_is_read_as_an_output_would_be(root: Path) -> None:
    data, options = read_picture(root, "field.png", "A field", PLACE)
    assert list(data) == ["image/png"] and options.alt == "A field"
    assert read_picture(root, "line.svg", "A line", PLACE)[0] == {"image/svg+xml": "<svg/>"}


@pytest.mark.parametrize(
    ("file", "alt", "told"),
    [
        ("field.png", " ", "says what is seen"),
        ("field.pdf", "x", "of another kind"),
        ("none.png", "x", "there is no picture"),
        ("../elsewhere.png", "x", "put it into notebooks/"),
    ],
)
def test_another_is_refused_with_its_place(root: Path, file: str, alt: str, told: str) -> None:
    with pytest.raises(CompanionError, match=told) as raised:
        read_picture(root, file, alt, PLACE)
    assert raised.value.where == "notebooks/a.ipynb, cell 2, line 3"
