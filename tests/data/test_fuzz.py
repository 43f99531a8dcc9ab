"""However a package is mutated, there is a list of problems or a valid load, never a traceback."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from review_companion.data.package import load_package
from review_companion.data.problems import Problem, errors, to_json
from review_companion.data.validate import validate

pytestmark = pytest.mark.generative

PACKAGES = 400
SEED = 20_260_105
COMPARED_WITH_FRICTIONLESS = 20
VALUES = [
    "", " ", "0", "-1", "4O", "17,0", "1e5", "NaN", "INF", "9" * 400, "5-Apr", "−3", "“2”", "true",
    "#REF!", "\x00", "\ufffd", "=1+1", "a\nb", 'a"b', "a,b", "ü", "alpha-2001", "[", "(", "%s",
    "2024-02-30", "None", "\u202e", "🙂", "beta-2003/all", "ages", "years", "31",
]  # fmt: skip
JSON_VALUES = [None, True, 0, -1.5, "", "x", [], {}, ["a"], {"a": 1}, "number", "integer", "../x"]
ENCODINGS = ["cp1252", "utf-16", "utf-16-be", "utf-8-sig", "cp500", "utf-7"]

Mutation = Callable[[Path, random.Random], None]


def table(folder: Path, rng: random.Random) -> Path:
    return rng.choice(sorted(folder.glob("*.csv")))


def change_value(folder: Path, rng: random.Random) -> None:
    path = table(folder, rng)
    rows = [line.split(",") for line in path.read_text("utf-8", "replace").split("\n")]
    row = rng.choice(rows)
    row[rng.randrange(len(row))] = rng.choice(VALUES)
    path.write_text("\n".join(",".join(r) for r in rows), "utf-8")


def change_header(folder: Path, rng: random.Random) -> None:
    path = table(folder, rng)
    head, _, body = path.read_text("utf-8", "replace").partition("\n")
    cells = head.split(",")
    action = rng.randrange(4)
    if action == 0:
        cells[rng.randrange(len(cells))] = rng.choice(VALUES)
    elif action == 1:
        cells.pop(rng.randrange(len(cells)))
    elif action == 2:
        cells.insert(rng.randrange(len(cells) + 1), rng.choice([*cells, "", "new"]))
    else:
        rng.shuffle(cells)
    path.write_text(",".join(cells) + "\n" + body, "utf-8")


def change_encoding(folder: Path, rng: random.Random) -> None:
    path = table(folder, rng)
    text = path.read_text("utf-8", "replace").replace("e", "é", 3)
    path.write_bytes(text.encode(rng.choice(ENCODINGS), "replace"))


def change_bytes(folder: Path, rng: random.Random) -> None:
    path = rng.choice([table(folder, rng), folder / "schema.yml", folder / "values.yml"])
    data = bytearray(path.read_bytes()) if path.exists() else bytearray(b"a: [1, {b: 2}]\n")
    for _ in range(rng.randint(1, 4)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randint(0, 2 * len(data))]))


def change_rows(folder: Path, rng: random.Random) -> None:
    path = table(folder, rng)
    head, *rows = path.read_text("utf-8", "replace").split("\n")
    action = rng.randrange(4)
    if action == 0:
        rng.shuffle(rows)
    elif action == 1 and rows:
        rows.insert(rng.randrange(len(rows)), rng.choice(rows))
    elif action == 2 and rows:
        rows.pop(rng.randrange(len(rows)))
    else:
        rows.insert(rng.randint(0, len(rows)), rng.choice(["", ",,,", " "]))
    path.write_text("\n".join([head, *rows]), "utf-8")


def change_delimiter(folder: Path, rng: random.Random) -> None:
    path = table(folder, rng)
    text = path.read_text("utf-8", "replace")
    path.write_text(text.replace(",", rng.choice([";", "\t", "|", ", "])), "utf-8")


def delete_file(folder: Path, rng: random.Random) -> None:
    rng.choice([table(folder, rng), folder / "schema.yml"]).unlink(missing_ok=True)


def change_descriptor(folder: Path, rng: random.Random) -> None:
    path = folder / "datapackage.json"  # read where there is no schema
    (folder / "schema.yml").unlink(missing_ok=True)
    try:
        node = root = json.loads(path.read_text("utf-8"))
    except (ValueError, OSError):
        return
    while isinstance(node, dict | list) and node:
        place = rng.choice(sorted(node)) if isinstance(node, dict) else rng.randrange(len(node))
        child = node[place]
        if not isinstance(child, dict | list) or not child or rng.random() < 0.15:
            if rng.random() < 0.3:
                del node[place]
            else:
                node[place] = rng.choice(JSON_VALUES)
            break
        node = child
    path.write_text(json.dumps(root), "utf-8")


MUTATIONS: list[Mutation] = [
    *[change_value] * 4,
    change_header,
    change_encoding,
    change_bytes,
    change_rows,
    change_delimiter,
    delete_file,
    *[change_descriptor] * 2,
]


def restore(folder: Path, originals: dict[str, bytes]) -> None:
    for path in folder.iterdir():
        if path.name not in originals and path.is_file():
            path.unlink()
    for name, data in originals.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def judge(folder: Path) -> list[Problem]:
    """What the check says; a package that it lets pass must load."""
    problems = validate(folder)
    assert all("\n" not in str(p) for p in problems)
    to_json(problems)
    if not errors(problems):
        load_package(folder)
    return problems


def test_mutated_packages_give_problems_or_load(folder: Path) -> None:
    originals = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    rng = random.Random(SEED)
    flawed = 0
    for _ in range(PACKAGES):
        restore(folder, originals)
        for mutate in rng.choices(MUTATIONS, k=rng.randint(1, 3)):
            mutate(folder, rng)
        flawed += bool(judge(folder))
    assert PACKAGES * 0.7 < flawed < PACKAGES


def test_what_frictionless_finds_in_the_cells_is_found_here_too(folder: Path) -> None:
    from frictionless import Package

    originals = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    rng = random.Random(SEED)
    disagreements = []
    for _ in range(COMPARED_WITH_FRICTIONLESS):
        restore(folder, originals)
        change_value(folder, rng)
        report = Package(str(folder / "datapackage.json")).validate()
        if not report.valid and not errors(judge(folder)):
            disagreements.append(report.flatten(["rowNumber", "fieldName", "type"]))
    assert disagreements == []
