"""Templates that the program ships are compiled once for a state of the program."""

from pathlib import Path

import pytest
from jinja2 import Environment

from review_companion import markup


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one template that was compiled, and an environment that can compile none."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(markup, "_KNOWN", [])
    made = tmp_path / "templates"
    made.mkdir()
    (tmp_path / "__pycache__").mkdir()  # as Python makes it for the modules beside
    (made / "greeting.md").write_text("Good {{ time }}", "utf-8")
    markup.templates(made).get_template("greeting.md")

    def refuse(*_: object) -> None:
        raise AssertionError("compiled")

    monkeypatch.setattr(Environment, "compile", refuse)
    return made


def test_a_compiled_template_is_kept(folder: Path) -> None:
    filled = markup.templates(folder).get_template("greeting.md").render(time="morning")
    assert filled == "Good morning"


def test_an_edited_template_is_compiled_again(folder: Path) -> None:
    (folder / "greeting.md").write_text("Bad {{ time }}", "utf-8")
    with pytest.raises(AssertionError, match="compiled"):
        markup.templates(folder).get_template("greeting.md")


def test_a_changed_module_has_templates_compiled_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "_modules", lambda: "others")
    with pytest.raises(AssertionError, match="compiled"):
        markup.templates(folder).get_template("greeting.md")
