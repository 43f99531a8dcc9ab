"""Removes from YAML files and claims.csv what they say about a study that is removed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from .edits import Edits
from .yaml_places import YamlEntry, children, claim_entries, pruned, yaml_entries

CLAIMS, VALUES, QUESTIONS, LINES = "claims.yml", "values.yml", "questions.yml", "claims.csv"
ENTRIES = {CLAIMS, VALUES, QUESTIONS}
NOTHING = "expression: first_given() # what it was about is gone"
SAID = ("claim", "fragment", "label")  # columns of claims.csv that name no row


@dataclass(frozen=True)
class RemovedStudy:
    """Recognises what is about a removed study.

    `names` are the entries that are removed with it, `words` texts that no remaining row holds.
    """

    study: str
    studies: frozenset[str]
    removed: Mapping[str, set[str]]
    words: frozenset[str] = frozenset()
    names: set[str] = field(default_factory=set)

    def scalar(self, text: str) -> bool:
        """Whether a key or a name is one of those removed."""
        return text in self.names or (self.study in text.split("/") and " " not in text)

    def text(self, text: str) -> bool:
        """Whether an expression or a template names a removed row or entry."""
        return self._rows.search(text) is not None or any(refers(text, n) for n in self.names)

    def name(self, name: str) -> bool:
        """Whether a claim's name contains this study, rather than one with a longer key."""
        longer = [s for s in self.studies if len(s) > len(self.study) and self.study in s]
        return self.study in name and not any(s in name for s in longer)

    @cached_property
    def _rows(self) -> re.Pattern[str]:
        """A pattern for the study's key, a removed row as a subscript, or a removed text."""
        parts = [rf"(?<![\w-]){re.escape(self.study)}(?![\w-])"]
        for table, keys in self.removed.items():
            others = "|".join(re.escape(k) for k in sorted(keys) if self.study not in k)
            parts += [rf"\b{table}\[[\"'](?:{others})[\"']\]"] if others else []
        if self.words:
            words = "|".join(re.escape(word) for word in sorted(self.words))
            parts.append(rf"[\"'](?:{words})[\"']")
        return re.compile("|".join(parts))


def refers(text: str, name: str) -> bool:
    """Whether an expression or a template uses an entry by its name."""
    if f"'{name}'" in text or f'"{name}"' in text:
        return True
    word = name.replace("-", "_")
    return "_" in word and re.search(rf"(?<![\w.]){word}(?!\w)", text) is not None


def remove_definitions(edits: Edits, about: RemovedStudy) -> None:
    """Removes entries about the study alone and all that use them, and its name from lists."""
    taken, emptied = _removed_entries(edits, about)
    for path, text in edits.yaml.items():
        after = text
        if path.name == VALUES and emptied:
            after = _emptied(text, emptied)
            edits.add_line(f"data/{VALUES}: values that now give nothing", sorted(emptied))
        gone = [e for e in _entries(path.name, after) if e.name in taken.get(path.name, ())]
        after = pruned(after, partial(_is_removed, about, emptied, {entry.first for entry in gone}))
        if after != text:
            edits.text(path, after)
            names = [entry.name for entry in gone]
            edits.add_line(f"data/{path.name}: entries", names)
            if not names:
                less = text.count("\n") - after.count("\n")
                edits.lines.append(f"data/{path.name}: the study leaves {less} line(s)")
        edits.remaining += _add_remaining(f"data/{path.name}", after, about)
    for path, rows in edits.others.items():
        if path.name == LINES and (gone_lines := taken[LINES]):
            edits.plain(path, [row for row in rows if row[0] not in gone_lines])
            edits.add_line("data/claims.csv: claims", [r[0] for r in rows if r[0] in gone_lines])
    for path, text in edits.pages.items():
        edits.remaining += _add_remaining(edits.name(path), text, about)


def _is_removed(
    about: RemovedStudy, emptied: set[str], lines: set[int], name: str, line: int
) -> bool:
    return line in lines or (name not in emptied and about.scalar(name))


def _entries(file: str, text: str) -> list[YamlEntry]:
    return list(claim_entries(text) if file == CLAIMS else yaml_entries(text))


def _emptied(text: str, names: set[str]) -> str:
    """The values file, with an expression without value for each value that a page still shows."""
    lines = text.split("\n")
    for entry in reversed([entry for entry in yaml_entries(text) if entry.name in names]):
        for part in [e for e in children(entry.node, lines) if e.name == "expression"]:
            indent = lines[part.first][: -len(lines[part.first].lstrip())]
            lines = [*lines[: part.first], f"{indent}{NOTHING}", *lines[part.last :]]
    return "\n".join(lines)


def _removed_entries(edits: Edits, about: RemovedStudy) -> tuple[Mapping[str, set[str]], set[str]]:
    """File -> the entries that go, with those that rest on one that goes; and values among them
    that stay since a page shows them."""
    emptied: set[str] = set()
    taken: dict[str, set[str]] = {name: set() for name in (*ENTRIES, LINES)}
    yaml = {path.name: text for path, text in edits.yaml.items()}
    shown = [text for name, text in yaml.items() if name not in ENTRIES]
    shown += edits.pages.values()
    lines = [r for p, r in edits.others.items() if p.name == LINES]
    before = None
    # until nothing more is found: what uses an entry that goes, goes too
    while before != (before := len(about.names)):
        for name in yaml.keys() & ENTRIES:
            found = set(_gone_entries(name, yaml[name], about))
            if name == VALUES:
                kept = {each for each in found if any(refers(text, each) for text in shown)}
                emptied |= kept
                about.names.update(kept)
                found -= kept
            taken[name] |= found
        for header, *rows in lines:
            taken[LINES] |= {row[0] for row in rows if _is_about(header, row, about)}
        about.names.update(*taken.values())
    return taken, emptied


def _gone_entries(file: str, text: str, about: RemovedStudy) -> Iterator[str]:
    lines = text.split("\n")
    for entry in _entries(file, text):
        written = textwrap.dedent("\n".join(lines[entry.first : entry.last]))
        alone = f"studies: [{about.study}]" in map(str.strip, written.split("\n"))
        left = pruned(written, lambda name, _: about.scalar(name)).partition(":")[2]
        if (file == CLAIMS and about.name(entry.name)) or alone or about.text(left):
            yield entry.name


def _is_about(header: list[str], row: list[str], about: RemovedStudy) -> bool:
    cells = [cell for name, cell in zip(header, row, strict=False) if name not in SAID]
    return about.name(row[0]) or about.text("\n".join(cells))


def _add_remaining(name: str, text: str, about: RemovedStudy) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), 1):
        if about.text(line) and not line.lstrip().startswith("#"):
            yield f"{name}:{number}: {line.strip()[:90]}"
