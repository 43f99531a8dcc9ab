"""Only regular files inside the folder are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.package.files import MOST_BYTES, files_within, read_bytes, read_text
from review_companion.package.package import load_package
from review_companion.validate import validate

MAKERS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "more than is read": lambda path: (path.touch(), os.truncate(path, MOST_BYTES + 1)),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.csv"
    MAKERS[kind](path)
    with pytest.raises(CompanionError) as caught:
        read_bytes(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("name", ["lamps.csv", "values.yml", "published/table-2.csv"])
def test_in_place_of_a_file_of_the_package_it_is_one_line(
    folder: Path, kind: str, name: str
) -> None:
    path = folder / name
    path.unlink()
    MAKERS[kind](path)
    problems = validate(folder)
    assert name.startswith("published") or {p.file for p in problems} == {str(path)}


@pytest.mark.parametrize("name", ["lamps.csv", "values.yml", "published/note.md", "extra.md"])
def test_a_link_that_leaves_the_folder_is_an_error(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    outside = tmp_path / "secret"
    outside.write_text("a: 1\n", "utf-8")
    (folder / name).symlink_to(outside)
    assert [(p.file, p.code) for p in validate(folder) if "leaves the folder" in p.message] == [
        (str(folder / name), "foreign-file")
    ]
    with pytest.raises(CompanionError, match="leaves the folder"):
        list(files_within(folder))


def test_a_link_within_the_folder_is_a_file(folder: Path) -> None:
    (folder / "lamps.csv").rename(folder / "published" / "lamps")
    (folder / "lamps.csv").symlink_to("published/lamps")
    assert validate(folder) == []
    assert len(load_package(folder)["lamps"].rows) == 3


def test_text_loses_its_mark_and_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(path) == "a\nb\nc\n"
