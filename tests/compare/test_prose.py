"""The sentences of a page."""

from __future__ import annotations

from review_companion.compare.said_sentences import sentences_of, split


def page(body: str) -> str:
    return f"<html><body><nav><p>Skip this navigation.</p></nav><main>{body}</main></body></html>"


def test_sentences_are_read_in_order_without_markup() -> None:
    found = sentences_of(
        page(
            '<h2>The main results</h2><p>There are <span class="traced">13</span> studies. '
            "They report <em>most</em> outcomes.</p><ul><li>One list item here.</li></ul>"
        )
    )
    assert found == (
        "The main results",
        "There are 13 studies.",
        "They report most outcomes.",
        "One list item here.",
    )


def test_tables_scripts_and_the_audit_appendix_are_left_out() -> None:
    found = sentences_of(
        page(
            "<p>This sentence is read.</p><table><tr><th>A<td>cell of a table</table>"
            "<script>no sentence at all</script>"
            '<div class="traces"><div><p>This repeats it.</p><dl><dt>From<dd>a cell</dl></div>'
            '<table class="trace-list"><tr><th>One more number<td>2</table></div>'
            "<p>This one is read too.</p>"
        )
    )
    assert found == ("This sentence is read.", "This one is read too.")


def test_an_end_tag_without_a_start_ends_nothing() -> None:
    found = sentences_of(page("<table><tr><td></dl>a cell of it</table><p>Then a text again.</p>"))
    assert found == ("Then a text again.",)


def test_entities_and_line_breaks_are_text() -> None:
    assert sentences_of(page("<p>Fewer &lt; more\n  of   them.</p>")) == ("Fewer < more of them.",)


def test_abbreviations_in_lower_case_do_not_end_a_sentence() -> None:
    assert split("Doses vs. fractions differ. Then more.") == [
        "Doses vs. fractions differ.",
        "Then more.",
    ]
