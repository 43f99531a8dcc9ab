"""Numbers typed into templates are told with their place; what a template only looks at is not."""

from __future__ import annotations

import pytest

from review_companion.package.yaml_files import parse_yaml
from review_companion.pipeline.typed_numbers import numbers_in, typed_numbers


@pytest.mark.parametrize(
    ("template", "numbers"),
    [
        ("{{ row.a1 }} of 13 or twelve{% if x == 1 %}{% endif %}", ["13", "twelve"]),
        ("{{ v('x') }} HER2-positive patients with T-DM1 alone", []),
        ("[a study](https://doi.org/10.1/2) ({{ v('x') }}", []),
        ("a 90% confidence interval, 95% of all, a 95% confidence interval", ["90", "95"]),
        ("of 1,234.5 in all", ["1,234.5"]),
        ("{{ '100' if row.x == '5' else row.y }}", ["100"]),
        ("{{ row.x ~ ' of ninety' }}", ["ninety"]),
        ("{{ 100 }}", ["100"]),
        ("{% set parts = parts + ['of 7'] %}", ["7"]),
        ("{% set n = 0 %}{{ n + 1 }}", []),
        ("{% set t = 'effects/ash-2011/' %}{{ v(t ~ 'effect') }}", []),
        ("{{ row.x | replace('1', '2') }}{{ one('samples', group='2') }}", []),
        ("{% for x in y %}{{ x }} of 8{% endfor %}", ["8"]),
        ("{{ 13 of", []),
    ],
)
def test_what_is_shown_as_it_is_written(template: str, numbers: list[str]) -> None:
    assert numbers_in(template) == numbers


def test_each_is_told_with_file_and_line() -> None:
    declared = parse_yaml(
        """a:
  caption: Ages in 2 columns
  columns:
    - id: x
      template: of 100
    - id: y
      template: "{{ row.year }}"
answers: |
  There are 3 of {{ v('x') }}.
""",
        "tables.yml",
    )
    found = [(error.where, error.what) for error in typed_numbers(declared)]
    assert found == [
        ("tables.yml:5", "“100” is typed in a template"),
        ("tables.yml:9", "“3” is typed in a template"),
    ]
