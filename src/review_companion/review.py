"""What notebooks ask for: values, tables, figures, sentences and claims, by name.

from review_companion import open_review
review = open_review()
review.value("participants-total")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import CompanionError, require_known
from .evaluated_parts import EVERYTHING, evaluated_by_render
from .evaluation import Evaluation
from .figures.draw import Figure, draw
from .model import Trace
from .package.files import find_root
from .package.package import load_package
from .package.yaml_nodes import Written, place_of
from .sentences import compose, plain_name, span
from .tables.build import TableComparison, compare_published
from .tables.dossier import Dossiers, about, dossiers
from .tables.findings import cards, findings, findings_summary, unchecked, verdict_sentence
from .tables.ledger_tables import (
    changes_table,
    claim_result,
    counts_table,
    findings_counts,
    ledger_table,
)
from .tables.pandas_frames import Answer, Extraction, frame_of
from .tables.traced import TracedTable

if TYPE_CHECKING:
    import pandas


CHANGES = "verdict changes"  # a part of what a render evaluates


class Markdown(str):
    """Markdown that Jupyter shows as such."""

    def _repr_markdown_(self) -> str:
        return str(self)


class Review(Evaluation):
    """A data package with its definitions, for one set of parameters."""

    def value(self, name: str) -> Any:
        """The bare value: int, Fraction, Decimal, str, bool or a tuple."""
        return self.result(name).value

    def v(self, name: str) -> Markdown:
        """The value as traced Markdown, for inline use."""
        return Markdown(span(*self.shown(name)))

    def text(self, name: str, **extra: Any) -> Markdown:
        """A generated sentence (or several)."""
        require_known(name, self.sentences_declared, "no sentence is named", missing="sentence")
        template = self.sentences_declared[name]
        if not isinstance(template, Written):
            key = next(key for key in self.sentences_declared if key == name)  # knows its line
            place = place_of(key, "sentences.yml")
            raise CompanionError(f"“{name}” must be text", where=place)
        names = {
            "rows": lambda table: list(self.table(plain_name(table)).rows),
            "parameter": lambda key: self.parameters[plain_name(key)],
            "say": lambda sentence, **extra: self.text(plain_name(sentence), **extra),
            **extra,
        }
        return Markdown(
            compose(template, self.result, self.shown, f"{template.file}:{template.line}", names)
        )

    def comparison(self, name: str) -> TableComparison:
        """A rebuilt table held against the transcription of the published one."""
        published = self.folder / "published" / f"{name}.csv"
        found = compare_published(self.table(name), published)
        return replace(found, variant=self.variant(found.result))

    def __call__(self, expression: str) -> Answer:
        """The answer to an expression: its value, the cells that it read, and their places."""
        result = self.evaluator.result(expression)
        return Answer(result, self.package)

    def frame(self, name: str) -> pandas.DataFrame:
        """A table, or a resource of the data, as a pandas frame, typed and labelled."""
        if name in self.tables_declared:
            return self.table(name).frame
        return frame_of(self.part(f"resource {name}", lambda: self.package[name]))

    def data(self, name: str) -> Extraction:
        """The data behind a table, folded: the resources that it reads, and its columns."""
        table = self.table(name)
        results = [cell.result for row in table.rows.values() for cell in row]
        read = {origin.resource for result in results for origin in result.read}
        made = {}
        for column in self.tables_declared[name]["columns"]:
            heading = str(column.get("header", column["id"]))
            made[heading] = str(column.get("expression") or column.get("template", ""))
        return Extraction(name, {resource: self.frame(resource) for resource in sorted(read)}, made)

    def figure(self, name: str) -> Figure:
        """A figure drawn from a traced table."""
        require_known(name, self.figures_declared, "no figure is named", missing="figure")
        spec = self.figures_declared[name]
        return draw(name, spec, self.table(spec["table"]), known=self._pictures)

    def claims(self, **where: str) -> TracedTable:
        """The ledger as a table, or the claims that match: `verdict=`, `section=`, `severity=`."""
        claims = self._judged.claims
        for field, wanted in where.items():
            claims = tuple(claim for claim in claims if str(getattr(claim, field)) == wanted)
        return ledger_table(claims, self.subjects())

    def verdict_changes(self) -> TracedTable:
        """The claims whose verdict changed since the last version, by the role `was`."""
        return self.part(CHANGES, self._verdict_changes)

    def _verdict_changes(self) -> TracedTable:
        changes, _ = self.package.with_role("was", "why")
        return changes_table(self._judged.claims, changes, self.subjects())

    @property
    def has_changes(self) -> bool:
        """Whether a table says which verdicts changed since the last version."""
        return any("was" in role for table in self.package for role in table.roles)

    def verdict_counts(self) -> TracedTable:
        """How many claims have which verdict, by part of the article."""
        return counts_table(self._judged.claims)

    def verdict_sentence(self) -> Markdown:
        """How many claims have which verdict, in one sentence."""
        return self._of_claims(verdict_sentence)

    def cards(self, severity: str = "") -> Markdown:
        """A card for each matter that does not add up, the worst first; minor ones have none."""
        return self._of_claims(cards, self.subjects(), severity)

    def findings(self, severity: str = "") -> Markdown:
        """Every finding in full, most severe first."""
        return self._of_claims(findings, self.subjects(), severity)

    def findings_summary(self) -> Markdown:
        """How many findings have which severity."""
        return self._of_claims(findings_summary)

    def _of_claims(self, write: Callable[..., str], *options: Any) -> Markdown:
        """What `write` says of the claims; without any claim, that nothing was checked."""
        claims, silent = self._judged
        return Markdown(write(claims, *options) if claims else unchecked(silent))

    def subjects(self) -> Mapping[str, str]:
        """What a claim is about, by its id, if that is a single row with a dossier."""
        titles: dict[str, str] = {}
        for name in self.dossiers_declared:
            titles |= self.titles(name)
        subjects = {}
        for claim in self._judged.claims:
            keys = about(claim) & titles.keys()
            if len(keys) == 1:
                subjects[claim.id] = titles[keys.pop()]
        return subjects

    def dossiers(self, name: str) -> Dossiers:
        """Everything about each row of a resource, as `dossiers.yml` says."""
        spec = self.dossiers_declared[name]
        if not isinstance(spec["tables"], list):
            raise CompanionError("“tables” must be a list of names", where=spec.where)
        tables = [self.table(str(table)) for table in spec["tables"]]
        says = self.table(str(spec["says"])) if "says" in spec else None
        return dossiers(self.titles(name), says, tables, self._judged.claims, spec.get("omit", ()))

    def traces(self) -> tuple[Trace, ...]:
        """Every declared value and table cell, and every claim, as the audit shows them."""
        return self._traces

    @cached_property
    def _traces(self) -> tuple[Trace, ...]:
        return tuple(self._traced())

    def _traced(self) -> Iterator[Trace]:
        for name, definition in self.values_declared.items():
            text, trace = self.shown(name)
            yield Trace(trace, "value", str(definition.get("label", name)), text, self.result(name))
        for name in self.tables_declared:
            yield from self.table(name).traces()
            if (self.folder / "published" / f"{name}.csv").is_file():
                yield from self.comparison(name).traces()
        if self.has_changes:
            yield from self.verdict_changes().traces()
        yield from self.verdict_counts().traces()
        yield from findings_counts(*self._judged).traces()
        for claim in self.ledger:
            label = f"{claim.label} ({claim.verdict.words})"
            text = claim.printed or claim.recomputed
            yield Trace(f"claim/{claim.id}", "claim", label, text, claim_result(claim))


def open_review(root: str | os.PathLike[str] | None = None, **parameters: Any) -> Review:
    """Opens the review at or above a folder (default: the working folder)."""
    folder = find_root(Path(root) if root is not None else None)
    parts, pictures = evaluated_by_render(folder)
    if not parts:
        return Review(folder, load_package(folder / "data"), parameters)
    review = Review(folder, None, parameters, parts=parts)
    if review.parameters_digest not in parts:  # nothing was evaluated under these parameters
        review = parts[EVERYTHING][0].under(parameters)
    review._pictures = pictures
    return review
