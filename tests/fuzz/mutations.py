"""Ways to spoil a project: each takes its folder and a source of chance."""

from __future__ import annotations

import json
import os
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Mutation = Callable[[Path, random.Random], None]

VALUES = [
    "", " ", "0", "-1", "4O", "17,0", "1e5", "NaN", "INF", "9" * 400, "5-Apr", "−3", "“2”", "true",
    "#REF!", "\x00", "\ufffd", "=1+1", "a\nb", 'a"b', "a,b", "ü", "alpha-2001", "[", "(", "%s",
    "2024-02-30", "None", "\u202e", "🙂", "beta-2003/all", "ages", "years", "31", "n/a", "0,051",
    "TRUE", "\x1b[31m", "{{ 1 / 0 }}", "{% for %}", "a" * 200_000, "1:30", "../x", "<script>",
    "`x`", "12" * 10, "-", "±", "\u200b", "١٢", "½",
]  # fmt: skip
JSON_VALUES = [
    None, True, 0, -1.5, "", "x", [], {}, ["a"], {"a": 1}, "number", "integer", "../x", [["a"]],
    [{}], "[", "(a+)+$", 10**30, "/dev/zero", "\ud800", "a\nb", {"": None}, "studies", ["studies"],
]  # fmt: skip
SCALARS = [
    ".inf", ".nan", "190:20:30.15", "017", "0x1F", "9" * 4300, "!!python/object:x y", "*x", "&x y",
    "null", "~", "[]", "{}", "[[]]", "true", "0", "-1", "'", '"', "%", "@", "|", "1 / 0", "x: y",
    "a b", '"\\ud800"', '"{{ 1 / 0 }}"', '"{{ x.y.z }}"', "'{% for i in range(99) %}'", "studies",
    "samples.number.sum() / 0", "samples[", "row.x", "sum(1)", "'1e400'", "(" * 300, "[" * 300,
    "len(samples) * 'a'", "\x01", "\u202e", "{a: {a: {a: 1}}}", "[1, a, null, true]",
]  # fmt: skip
ENCODINGS = ["cp1252", "utf-16", "utf-16-be", "utf-8-sig", "cp500", "utf-7"]


def tables(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "data").glob("*.csv") if p.is_file())


def yamls(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "data").rglob("*.yml") if p.is_file())


def text_of(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", "replace", newline="")


def change_value(folder: Path, rng: random.Random) -> None:
    path = rng.choice(tables(folder))
    rows = [line.split(",") for line in text_of(path).split("\n")]
    row = rng.choice(rows)
    row[rng.randrange(len(row))] = rng.choice(VALUES)
    put(path, "\n".join(",".join(r) for r in rows))


def change_header(folder: Path, rng: random.Random) -> None:
    path = rng.choice(tables(folder))
    head, _, body = text_of(path).partition("\n")
    cells = head.split(",")
    action = rng.randrange(5)
    if action == 0:
        cells[rng.randrange(len(cells))] = rng.choice(VALUES)
    elif action == 1:
        cells.pop(rng.randrange(len(cells)))
    elif action == 2:
        cells.insert(rng.randrange(len(cells) + 1), rng.choice([*cells, "", "new"]))
    elif action == 3:
        rng.shuffle(cells)
    else:
        cells += [f"{cells[0]}{n}" for n in range(rng.choice([3, 2000]))]
    put(path, ",".join(cells) + "\n" + body)


def change_encoding(folder: Path, rng: random.Random) -> None:
    path = rng.choice([*tables(folder), *yamls(folder)])
    text = text_of(path).replace("e", "é", 3)
    path.write_bytes(text.encode(rng.choice(ENCODINGS), "replace"))


def change_bytes(folder: Path, rng: random.Random) -> None:
    files = [p for p in sorted((folder / "data").rglob("*")) if p.is_file()]
    path = rng.choice(files)
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 4)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randint(0, 2 * len(data))]))


def change_rows(folder: Path, rng: random.Random) -> None:
    path = rng.choice(tables(folder))
    head, *rows = text_of(path).split("\n")
    action = rng.randrange(5)
    if action == 0:
        rng.shuffle(rows)
    elif action == 1 and rows:
        rows.insert(rng.randrange(len(rows)), rng.choice(rows))
    elif action == 2 and rows:
        rows.pop(rng.randrange(len(rows)))
    elif action == 3:
        rows = []
    else:
        rows.insert(rng.randint(0, len(rows)), rng.choice(["", ",,,", " ", "<<<<<<< a", '"']))
    put(path, "\n".join([head, *rows]))


def change_delimiter(folder: Path, rng: random.Random) -> None:
    path = rng.choice(tables(folder))
    put(path, text_of(path).replace(",", rng.choice([";", "\t", "|", ", "])))


def delete_file(folder: Path, rng: random.Random) -> None:
    files = [*tables(folder), *yamls(folder), folder / "data" / "datapackage.json"]
    rng.choice(files).unlink(missing_ok=True)


def change_kind(folder: Path, rng: random.Random) -> None:
    """Something else than a regular file in a file's place."""
    path = rng.choice([p for p in sorted((folder / "data").rglob("*")) if p.is_file()])
    path.unlink()
    rng.choice([
        lambda: path.symlink_to(path.name),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to("/etc/hostname"),
        lambda: os.mkfifo(path),
        lambda: path.mkdir(),
        lambda: path.write_bytes(b"PK\x03\x04" + bytes(100)),
    ])()  # fmt: skip


def _change_tree(root: Any, rng: random.Random) -> None:
    """Removes or replaces one part of a tree of mappings and lists, seldom a large one."""
    node = root
    while isinstance(node, dict | list) and node:
        place = rng.choice(list(node)) if isinstance(node, dict) else rng.randrange(len(node))
        child = node[place]
        if not isinstance(child, dict | list) or not child or rng.random() < 0.15:
            if rng.random() < 0.3:
                del node[place]
            else:
                node[place] = rng.choice(JSON_VALUES)
            return
        node = child


def change_descriptor(folder: Path, rng: random.Random) -> None:
    """The descriptor's tree, alone: the schema that it follows from is taken away."""
    path = folder / "data" / "datapackage.json"
    (folder / "data" / "schema.yml").unlink(missing_ok=True)
    try:
        root = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError:
        return
    _change_tree(root, rng)
    put(path, json.dumps(root))


def change_yaml(folder: Path, rng: random.Random) -> None:
    """One value, key or line of a YAML file."""
    path = rng.choice(yamls(folder))
    lines = text_of(path).split("\n")
    place = rng.randrange(len(lines))
    line = lines[place]
    action = rng.randrange(6)
    if action < 3 and ":" in line:
        lines[place] = f"{line.partition(':')[0]}: {rng.choice(SCALARS)}"
    elif action == 3:
        lines[place] = rng.choice([f"\t{line}", f"  {line}", line.lstrip(), f"{line}: x", ""])
    elif action == 4:
        words = re.findall(r"[\w-]+", line) or [""]
        word = rng.choice(words)
        lines[place] = line.replace(word, rng.choice([word[1:], word.upper(), "0", "x", ""]), 1)
    else:
        lines.insert(place, rng.choice([line, "<<<<<<< a", "---", "- x", "? [a]", "a: b", "\x01"]))
    put(path, "\n".join(lines))


MUTATIONS: list[Mutation] = [
    *[change_value] * 4,
    change_header,
    change_encoding,
    change_bytes,
    change_rows,
    change_delimiter,
    delete_file,
    change_kind,
    *[change_descriptor] * 2,
    *[change_yaml] * 6,
]


def change_notebook(folder: Path, rng: random.Random) -> None:
    path = next((folder / "notebooks").glob("*.ipynb"))
    if rng.random() < 0.3:
        _spoil(path, rng)
        return
    root = json.loads(path.read_text("utf-8"))
    for _ in range(rng.randint(1, 3)):
        _change_tree(root, rng)
    put(path, json.dumps(root))


def change_configuration(folder: Path, rng: random.Random) -> None:
    path = folder / "_quarto.yml"
    data = folder / "data" / "zz.yml"
    path.rename(data)
    kept = {p: p.read_bytes() for p in yamls(folder) if p != data}
    for other in kept:
        other.unlink()
    change_yaml(folder, rng)
    data.rename(path)
    for other, content in kept.items():
        other.write_bytes(content)


def change_workbook(path: Path, rng: random.Random) -> None:
    """Bytes of the archive, or of the XML of one of its parts."""
    if rng.random() < 0.4:
        _spoil(path, rng)
        return
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(parts))
    text = parts[name].decode("utf-8", "replace")
    found = re.findall(r"[\w.:/-]+", text) or ["x"]
    for _ in range(rng.randint(1, 3)):
        text = text.replace(rng.choice(found), rng.choice(["", "0", "x", "9" * 99, "<", "A1"]), 1)
    parts[name] = text.encode("utf-8", "replace")
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _spoil(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.choice([len(data), len(data), rng.randrange(len(data))])]))
