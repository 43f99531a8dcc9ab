"""A page checks itself: with nothing but what it carries."""

from __future__ import annotations

import errno
import json
import re
import socket
import tarfile
from pathlib import Path

import pytest
from tests.cases import cases

from review_companion.errors import CompanionError
from review_companion.evidence.page_data import ELEMENT, from_json, pack, unpack
from review_companion.evidence.rendered_page import Page, TracedText, seal
from review_companion.verify import recomputed
from review_companion.verify.recomputed import verify_page

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def edit(report: Path, old: str, new: str, *, sealed: bool = True) -> str:
    """The problems of the page after an edit, its seal renewed unless told otherwise."""
    page = report / "companion.html"
    text = page.read_text("utf-8")
    assert old in text
    edited = text.replace(old, new, 1)
    page.write_text(seal(edited) if sealed else edited, "utf-8")
    return "\n".join(verify_page(page).problems)


def test_an_untouched_page_holds(report: Path) -> None:
    outcome = verify_page(report / "companion.html")
    assert outcome.problems == []
    assert any("statements recomputed" in note for note in outcome.notes)


def test_a_changed_word_breaks_the_seal(report: Path) -> None:
    found = edit(report, "Bedside", "Bedsite", sealed=False)
    assert "its seal does not hold" in found


def traced(report: Path, name: str) -> str:
    text = (report / "companion.html").read_text("utf-8")
    found = re.search(rf'<a [^>]*data-trace="{name}"[^>]*>([^<]*)</a>', text)
    assert found
    return found[0]


@cases
def test_a_traced_text_that_was_changed_is_named(
    report: Path, old: str, new: str, said: str
) -> None:
    link = traced(report, "sleepers-total")
    assert said in edit(report, link, link.replace(old, new))


def test_changed_data_are_found_although_everything_is_sealed(report: Path, tmp_path: Path) -> None:
    page = Page((report / "companion.html").read_text("utf-8"))
    carried = from_json(page.carried[ELEMENT])
    unpack(carried.package, tmp_path / "data")
    samples = tmp_path / "data" / "samples.csv"
    samples.write_text(samples.read_text("utf-8").replace(",40,sleepers", ",41,sleepers"), "utf-8")
    fields = json.loads(page.carried[ELEMENT])
    forged = from_json(json.dumps(fields))
    forged = type(forged)(**{**vars(forged), "package": pack(tmp_path / "data")})
    found = edit(report, page.carried[ELEMENT], forged.to_json())
    assert "not those whose digest it names" in found
    assert "sleepers-total: the page shows “80”, the data give “81”" in found
    assert "the traces recomputed are not those whose digest the page carries" in found


def test_damaged_data_are_a_finding_and_no_traceback(report: Path) -> None:
    page = Page((report / "companion.html").read_text("utf-8"))
    fields = json.loads(page.carried[ELEMENT])
    fields["package"] = fields["package"][:400]
    found = edit(report, page.carried[ELEMENT], json.dumps(fields))
    assert "cannot be" in found


def test_a_page_of_another_program_is_checked_by_its_numbers(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputed, "version", lambda name: "another")
    outcome = verify_page(report / "companion.html")
    assert outcome.problems == []
    assert any("of this program: the texts" in note for note in outcome.notes)


def test_a_page_that_carries_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(seal("<title>x</title>"), "utf-8")
    assert "carries no data" in "\n".join(verify_page(path).problems)


def test_what_is_no_page_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CompanionError, match="save the file as UTF-8"):
        verify_page(path)


def test_an_archive_that_reaches_outside_is_refused(tmp_path: Path) -> None:
    import io
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2") as archive:
        entry = tarfile.TarInfo("../outside.csv")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(CompanionError):
        unpack(out.getvalue(), tmp_path / "data")
    assert not (tmp_path / "outside.csv").exists()


def test_packing_twice_gives_the_same_bytes(project: Path) -> None:
    assert pack(project / "data") == pack(project / "data")


def test_a_verdict_edited_in_a_row_of_the_ledger_is_named(report: Path) -> None:
    name, verdict = "claim/beta-risk-ratio", "inconsistent"
    given = f'class="traced" href="#trace-{name.replace("/", "-")}" data-trace="{name}"'
    row = f'<tr><th scope="row"><a {given}>{verdict}</a></th><td>{verdict}</td></tr>'
    assert edit(report, "</main>", f"{row}</main>") == ""
    found = edit(report, "<td>inconsistent</td></tr></main>", "<td>reproduced</td></tr></main>")
    assert f"{name}: the page shows “reproduced”" in found


def test_another_file_is_bad_use_and_no_finding(tmp_path: Path) -> None:
    other = tmp_path / "README.md"
    other.write_text("# Read me", "utf-8")
    with pytest.raises(CompanionError, match="not a page that can be checked") as raised:
        verify_page(other)
    assert raised.value.status == 2


def test_a_full_disk_is_not_charged_to_the_page(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extract", full)
    with pytest.raises(OSError, match="No space left"):
        unpack(pack(project / "data"), tmp_path / "data")


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = Page(
        "<script>'<a class=\"traced\">1</a>'</script><!-- <a class='traced'>2</a> -->\n"
        "<p><a class='big traced' data-trace=a href='#trace-a'>4\0<sup>b</sup></a><p>5"
    )
    assert page.shown == (TracedText("a", "#trace-a", "4\ufffd^b", 2),)
    assert [text.text for text in page.texts()][-3:] == ["4\ufffd", "b", "5"]
    assert Page("").shown == ()
    assert Page(f"<a class=traced>{'<b>' * 2000}6").shown[0].text == "6"
    with pytest.raises(CompanionError, match=r"^deep\.html: cannot be read to its end"):
        assert Page(f"<a class=traced>{'<b>' * 3000}6", "deep.html").shown
