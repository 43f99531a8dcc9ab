"""Standing checks: claims that follow from the roles of columns, for every row, undeclared.

A role is declared once in the schema (`roles` of a table): which columns hold a percentage, its
count and total; an estimate, its limits, level and p; a count, its unit and the group that it is
part of. Each rule is a `for-each` claim in the language of expressions. A bound that holds (a part
is no larger than its whole) proves nothing of the figure, and is a claim only where it is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..expressions.evaluator import identifier
from ..expressions.templates import upper_first
from ..package.package import Package, Resource
from .declared import PREFIX, Declared

LISTS = {
    "limits": ("low", "high"),
    "arms": ("exposed", "comparison"),
    "tables": ("one", "one total", "other", "other total"),
}
USUAL_LEVEL, USUAL_SIDES = "95", "two"
OTHER_TEST = (
    "A p-value of another test (log-rank, Gray, likelihood ratio) or of an adjusted model need "
    "not agree with it."
)


@dataclass(frozen=True)
class Rule:
    """A check of every row of a table that has a role with the parts it `wants`.

    It runs on every role that has these parts, whatever else the role has.

    `of` is the part whose figure is the claim, `rows` the condition for a row, `check` what is
    held against the figure, `found` what it means that they differ; words in braces are parts of
    the role. `doubt` is what leaves an innocent reading where the check fails. `bound`: a claim
    only where it is broken.
    """

    name: str
    wants: tuple[str, ...]
    of: str
    rows: str
    check: str
    label: str
    found: str
    innocent: str
    settle: str
    severity: str = "moderate"
    doubt: str = ""
    bound: bool = False


def _within(name: str, part: str, label: str) -> Rule:
    return Rule(
        name, (part, "limits"), part, f"{{{part}}}.given and {{low}}.given and {{high}}.given",
        f"within_range(statistic=row.{{{part}}}, low=row.{{low}}, high=row.{{high}})", label,
        "a figure lies outside its limits", "The limits may belong to another group or time.",
        "The group of the limits.", bound=True,
    )  # fmt: skip


_SIDE = "significant(row.{p}{sign}) == (row.{high} < 1 or row.{low} > 1)"
_INTERVAL = "{p}.given and {estimate} > 0 and {low} > 0 and {high} > 0{usual}"
_SHARES = (
    "exposed_percent=row.{one}, unexposed_percent=row.{other}, exposed_total=row.{one total}, "
    "unexposed_total=row.{other total}"
)
RULES = (
    Rule(
        "percentage", ("percent", "events", "total"), "percent",
        "{percent}.given and {events}.given and {total} > 0",
        "percent(row.{events}, row.{total})", "a percentage, its count and its total",
        "a percentage is not that of its count and total",
        "The percentage may have another denominator than the group named, or leave out missing "
        "values.", "The denominator of the percentage.",
    ),
    Rule(
        "feasible", ("percent", "events", "total"), "percent",
        "{percent}.given and not {events}.given and {total} > 0",
        "len(feasible_counts(percent=row.{percent}, total=row.{total})) > 0",
        "a percentage as a whole number of its group", "no whole number of the group is "
        "this percentage", "The percentage may be an estimate over time, or have another "
        "denominator.", "The count behind the percentage.", "minor", bound=True,
    ),
    Rule(
        "part", ("count", "unit", "part of"), "count",
        "{count}.given and {part of}.{count}.given and {unit} == {part of}.{unit}",
        "row.{count} <= row.{part of}.{count}", "a part and the group that it is part of",
        "a part is larger than its whole",
        "The part may be counted in another group than the one named.",
        "The group of which it is a part.", "major", bound=True,
    ),
    Rule(
        "persons", ("count", "unit", "each", "alike", "part of"), "count",
        "{count}.given and {each}.given and not {part of}.given",
        "not any(group.{count} > row.{count} for group in "
        "{table}[{unit} == row.{each} and not {part of}.given and {alike}])",
        "a count and the persons that it belongs to",
        "fewer are counted than there are persons with at least one each",
        "The smaller figure may count a part of them only.", "What the smaller figure counts.",
        bound=True,
    ),
    Rule(
        "sum", ("count", "adds up to"), "count",
        "{count}.given",
        "{table}[{adds up to} == row.{key}].{count}.total()", "a whole and the sum of its parts",
        "the parts do not add up to the whole",
        "A part may be left out, or counted in two of them.", "The missing part.",
    ),
    Rule(
        "same", ("resource", "row", "column", "number"), "number", "", "{check}",
        "{cell}, in two places", "two places print different figures",
        "One of the places may speak of another group or time.", "The figure in both places.",
    ),
    _within("range", "statistic", "a figure and its range"),
    _within("limits", "percent", "a percentage and its interval"),
    Rule(
        "middle", ("estimate", "limits", "scale"), "estimate",
        "{estimate}.given and {low}.given and {high}.given",
        'symmetric(row.{estimate}, low=row.{low}, high=row.{high}, scale="{scale}")',
        "an estimate and its confidence interval", "an estimate is not the middle of its interval",
        "Profile, exact and bootstrap intervals need not be symmetrical.",
        "The method of the interval.", "minor",
        doubt="within_range(statistic=row.{estimate}, low=row.{low}, high=row.{high})",
    ),
    Rule(
        "p-interval", ("estimate", "limits", "scale", "p"), "p", _INTERVAL,
        "p_agrees(estimate=row.{estimate}, low=row.{low}, high=row.{high}, p=row.{p}{sign})",
        "a p-value and its interval", "a p-value is not that of its interval", OTHER_TEST,
        "The test behind the p-value.", "minor",
        doubt=f"{_SIDE} or row.{{low}} == 1 or row.{{high}} == 1",
    ),
    Rule(
        "p-table", ("p", "tables"), "p",
        "{p}.given and {one}.given and {one total} > 0 and {other}.given and {other total} > 0"
        "{exact}{alone}", f"len(recognised({_SHARES}, p=row.{{p}})) > 0",
        "a p-value and its 2×2 table",
        "no usual test of the two shares gives the p-value", OTHER_TEST,
        "The test behind the p-value.", "note", doubt="row.{p}.given",
    ),
    Rule(
        "direction", ("direction", "arms", "direction basis"), "direction",
        '{direction basis} == "wording" and {exposed}.given and {comparison}.given and '
        '{direction} in ["{higher}", "{lower}"]',
        '(row.{direction} == "{higher}" and row.{exposed} > row.{comparison}) or '
        '(row.{direction} == "{lower}" and row.{exposed} < row.{comparison})',
        "a direction in words and the figures beside it",
        "words and percentages point in different directions",
        "The words may be about another outcome, or an adjusted analysis.",
        "The analysis that the words describe.", "major", bound=True,
    ),
)  # fmt: skip


def standing(package: Package) -> Iterator[Declared]:
    """The claims `auto/<rule>/<row>`; with the column where a row has several of one rule."""
    for resource in package:
        if "section" not in resource.columns:
            continue
        for rule in RULES:
            roles = [role for role in resource.roles if set(rule.wants) <= set(role)]
            for role in roles:
                if rule.name == "same":
                    yield from _mentions(rule, resource, role, package)
                elif rule.name != "p-interval" or _usual(role, resource) is not None:
                    yield _each_row(rule, resource, _parts(role, resource), several=len(roles) > 1)


def _each_row(rule: Rule, resource: Resource, parts: Mapping[str, str], several: bool) -> Declared:
    column = parts[rule.of]
    condition = rule.rows.format_map(parts)
    each = f"{parts['table']}[section.given and {condition}]"
    name = f"{PREFIX}{rule.name}/{{{{ row.{parts['key']} }}}}{f'/{column}' if several else ''}"
    sign = f"{{{{ row.{parts['p sign']} | replace('=', '') }}}}" if parts["sign"] else ""
    unit = "%" if resource.field(column).get("unit") == "%" or rule.of == "percent" else ""
    printed = f"{sign if rule.of == 'p' else ''}{{{{ row.{column} }}}}{unit}"
    return _declared(rule, name, each, column, printed, parts)


def _declared(
    rule: Rule, name: str, each: str, column: str, printed: str, parts: Mapping[str, str]
) -> Declared:
    told = ("inconsistent", "ambiguous") if rule.bound or rule.doubt else ()
    return Declared(
        name, "schema.yml", printed=printed, label=rule.label.format_map(parts),
        check=rule.check.format_map(parts), doubt=rule.doubt.format_map(parts), bound=rule.bound,
        notes=dict.fromkeys(told, f"{upper_first(rule.found)}."), severity=rule.severity,
        found=rule.found, innocent=rule.innocent, settle=rule.settle, each=each, of=column,
    )  # fmt: skip


def _mentions(
    rule: Rule, resource: Resource, role: Mapping[str, Any], package: Package
) -> Iterator[Declared]:
    """Each row names a cell by its table, row and column: the check is that cell."""
    for key, cells in resource.rows.items():
        table, row, column = (cells[role[part]] for part in ("resource", "row", "column"))
        if table in package.resources and row in package[table].rows:
            check = f'{identifier(table)}["{row}"].{column}'
            each = f'{identifier(resource.name)}[{resource.key} == "{key}"]'
            parts = {"check": check, "cell": _in_words(package[table], column)}
            printed = f"{{{{ row.{role.get('printed', role['number'])} }}}}"
            yield _declared(rule, f"{PREFIX}same/{key}", each, role["number"], printed, parts)


def _in_words(resource: Resource, column: str) -> str:
    """A column with its table, as a reader knows them."""
    title = resource.field(column).get("title") or column.replace("_", " ")
    return f"{resource.name.replace('_', ' ')}: {title[:1].lower()}{title[1:]}"


def _parts(role: Mapping[str, Any], resource: Resource) -> Mapping[str, str]:
    """The words that a rule's texts may name in braces."""
    parts = {name: value for name, value in role.items() if isinstance(value, str)}
    for name, words in LISTS.items():
        parts |= zip(words, role.get(name, ()), strict=False)
    sign = parts.get("p sign", "")
    return {
        "higher": "higher", "lower": "lower", **parts,
        "table": identifier(resource.name), "key": resource.key,
        "alike": " and ".join(_alike(column, resource) for column in role.get("alike", ())),
        "sign": f", p_operator=row.{sign}" if sign else "",
        "exact": f' and {sign} == "="' if sign else "",
        "alone": f" and not {parts['estimate']}.given" if "estimate" in parts else "",
        "usual": _usual(role, resource) or "",
    }  # fmt: skip


def _alike(column: str, resource: Resource) -> str:
    """Whether two rows agree in a column: in what it holds, or in holding nothing."""
    same = f"{column} == row.{column}"
    if resource.field(column).get("constraints", {}).get("required"):
        return same
    return f"({same} or not ({column}.given or row.{column}.given))"


def _usual(role: Mapping[str, Any], resource: Resource) -> str | None:
    """The condition that a row's ratio has a 95 % interval and a two-sided test, where columns
    say; None where the role says that it has not, or is none of a ratio."""
    found = "" if role.get("scale") == "log" else None
    for part, usual in {"level": USUAL_LEVEL, "sides": USUAL_SIDES}.items():
        column = role.get(part, usual)
        if column in resource.columns and found is not None:
            is_number = resource.field(column).get("type") in ("integer", "number")
            found += f" and {column} == " + (usual if is_number else f'"{usual}"')
        elif str(column) != usual:
            return None
    return found
