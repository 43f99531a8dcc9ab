"""The definition files of a review, each merged over the default definitions.

A data folder with a `review.yml` starts from those in `defaults/`: each file (`schema.yml`,
`tables.yml` …) begins as the one of that name, filled in with what `review.yml` says; the author's
own file is merged over it name by name: mappings are merged, anything else replaces the default,
and `~` removes it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from .definition_schema import require_allowed
from .files import read_text
from .yaml_nodes import Node as Node
from .yaml_nodes import Written as Written
from .yaml_nodes import mappings as mappings
from .yaml_nodes import parse_yaml as parse_yaml
from .yaml_nodes import place_of as place_of

REVIEW, BEGINNINGS = "review.yml", Path(__file__).parents[1] / "defaults"
FRONT = ("name", "title", "description", "version", "created", "licenses", "contributors")
CLASS = ("Class", "Exposure")  # headings that `class` takes the place of
ALL = "total"
MAPPING = "write what it has below it, indented, each as `key: value`"


def read_yaml(path: Path) -> Node:
    """The mapping in a YAML file, over the defaults where the review starts from them.

    An absent or empty file is an empty mapping. Raises CompanionError with file and line for
    invalid YAML, for anything but a mapping, for a key given twice, and beyond the limits of
    `yaml_nodes`.
    """
    return _with_defaults(path, _read(path, path.name))


def _read(path: Path, name: str) -> Node:
    known = path.exists() or path.is_symlink()
    content = parse_yaml(read_text(path), name) if known else None
    if content is None:
        content = Node()
        content.file = name
    if not isinstance(content, Node):
        raise CompanionError("must be a mapping of names", where=str(path))
    return content


def read_entries(path: Path) -> Node:
    """The same, for files in which every name must have a mapping."""
    content = read_yaml(path)
    for name, entry in content.items():
        if not isinstance(entry, Node):
            place = place_of(name, str(path))
            raise CompanionError(f"“{name}” must be a mapping", where=place, hint=MAPPING)
    return content


def starts_from_defaults(folder: Path) -> bool:
    """Whether a data folder has a `review.yml`."""
    return (folder / REVIEW).is_file()


def _with_defaults(path: Path, own: Node) -> Node:
    """A definition file merged over its defaults; `own` where it has none.

    Raises CompanionError for a faulty `review.yml`.
    """
    beginning = BEGINNINGS / path.name
    if not beginning.is_file() or not starts_from_defaults(path.parent):
        return own
    found = deepcopy(_read(beginning, f"defaults/{path.name}"))
    settings = deepcopy(_read(path.parent / REVIEW, REVIEW))
    if not settings:
        hint = "restore it, or begin with `name:` and `title:`"
        raise CompanionError("the file is empty", where=REVIEW, hint=hint)
    require_allowed(settings, "review")
    if ALL not in settings.get("groups", [ALL]):
        hint = f"{ALL} is how many took part in all; name the other groups as you like"
        raise CompanionError(f"the groups must have “{ALL}”", where=settings.where, hint=hint)
    if path.name in FILLED:
        FILLED[path.name](found, settings)
    return _laid_over(found, own)


def _laid_over(found: Node, own: Node) -> Node:
    for name, value in own.items():
        below = found.get(name)
        if isinstance(value, Node) and isinstance(below, Node):
            _laid_over(below, value)
        elif value is None and below is not None:
            del found[name]
        else:
            found[name] = value
    return _place_last(found)


def _place_last(columns: Node) -> Node:
    """Puts an author's own columns before those that say where the row is printed."""
    if "place" in columns and columns["place"] is None:
        columns["place"] = columns.pop("place")
    return columns


def _schema(found: Node, settings: Node) -> None:
    found |= {name: settings[name] for name in FRONT if name in settings}
    if "article" in settings:
        found["sources"] = [{"title": str(settings["article"])}]
    tables = found["tables"]
    tables["studies"]["columns"] |= settings.get("characteristics", {})
    _place_last(tables["studies"]["columns"])
    if "groups" in settings:
        tables["samples"]["columns"]["group"]["one of"] = settings["groups"]


def _tables(found: Node, settings: Node) -> None:
    columns = [_column(name, spec) for name, spec in settings.get("characteristics", {}).items()]
    found["characteristics"]["columns"][1:1] = columns
    for table in found.values() if "class" in settings else ():
        for column in table["columns"]:
            if column["header"] in CLASS:
                column["header"] = settings["class"]


def _column(name: str, spec: Any) -> Node:
    said = spec if isinstance(spec, Node) else Node()
    is_number = "number" in said or "integer" in said
    column = Node(
        id=name.replace("_", "-"),
        header=str(said.get("title") or name.replace("_", " ").capitalize()),
        template=Written(f"{{{{ row.{name} or 'not stated' }}}}", REVIEW, said.line),
        **({"align": "right"} if is_number else {"filter": "select"}),
    )
    column.file, column.line = REVIEW, said.line
    return column


FILLED: dict[str, Callable[[Node, Node], None]] = {"schema.yml": _schema, "tables.yml": _tables}
