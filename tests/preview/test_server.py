"""What the preview's server gives, to whom, and which files it follows."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_companion.errors import CompanionError
from review_companion.preview.loop import Watcher, is_input
from review_companion.preview.server import ADDRESS, Board, Server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "preview"
    folder.mkdir()
    (folder / "companion.html").write_text("<p>The report</p>", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with Server(Board(), folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.board.close()
        server.shutdown()
        thread.join()


def get(server: Server, path: str, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(ADDRESS, server.server_port, timeout=10)
    try:
        headers = {"Host": host} if host else {}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_frame_and_the_report_are_given_on_this_machine_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    status, text = get(server, "/")
    assert status == 200
    assert "http://" not in text and "https://" not in text
    assert get(server, "/report/companion.html?7") == (200, "<p>The report</p>")


@pytest.mark.parametrize(
    "path",
    ["/report/../secret.txt", "/report/%2e%2e/secret.txt", "/report//etc/passwd", "/report/",
     "/report/none.html", "/secret.txt", "/report/a%00b"],
)  # fmt: skip
def test_nothing_else_is_given(server: Server, path: str) -> None:
    status, text = get(server, path)
    assert status == 404
    assert "secret" not in text.replace(path, "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost"])
def test_a_page_that_rebinds_a_name_gets_nothing(server: Server, host: str) -> None:
    assert get(server, "/report/companion.html", host)[0] == 403


def test_states_are_streamed_as_they_come(server: Server) -> None:
    server.board.show(kind="report", report=1, message="Rendered")
    connection = http.client.HTTPConnection(ADDRESS, server.server_port, timeout=10)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert event(response)["message"] == "Rendered"
    server.board.show(message="Rendering again")
    assert event(response)["message"] == "Rendering again"
    connection.close()


def event(response: http.client.HTTPResponse) -> dict[str, object]:
    while not (line := response.readline().decode()).startswith("data: "):
        assert line
    found = json.loads(line.removeprefix("data: "))
    assert isinstance(found, dict)
    return found


def test_a_port_that_is_taken_is_one_clear_error(server: Server, folder: Path) -> None:
    with pytest.raises(CompanionError, match="cannot be used"):
        Server(Board(), folder, server.server_port)
    with pytest.raises(CompanionError, match="cannot be used: it is no number up to 65535"):
        Server(Board(), folder, 70000)


def test_waiting_ends_when_the_board_is_closed() -> None:
    board = Board()
    board.close()
    assert board.wait(seen=0, seconds=60) is None


def test_a_client_that_asks_nothing_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.RequestHandlerClass, "timeout", 0.05)
    with socket.create_connection((ADDRESS, server.server_port), timeout=10) as silent:
        assert silent.recv(1) == b""


@pytest.mark.parametrize(
    "name",
    ["data/samples.csv", "data/published/table-1.csv", "notebooks/lamps.ipynb", "index.md",
     "_quarto.yml", "report/style/companion.css", "requirements.lock"],
)  # fmt: skip
def test_what_a_render_reads_is_followed(name: str) -> None:
    assert is_input(Path("/project", name), Path("/project"))


@pytest.mark.parametrize(
    "name",
    ["build/preview/companion.html", "report/rendered/companion.html", "data/.~lock.samples.csv#",
     "data/samples.csv~", "notebooks/.ipynb_checkpoints/lamps-checkpoint.ipynb", "README.md",
     ".git/index", "data/.samples.csv.swp"],
)  # fmt: skip
def test_what_it_does_not_read_is_not(name: str) -> None:
    assert not is_input(Path("/project", name), Path("/project"))


def test_files_that_the_configuration_names_are_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[Path] = []

    def watch(*paths: Path, **_: object) -> Iterator[None]:
        watched.extend(paths)
        return iter(())

    for name in ("chapters/method.md", "report/references.json", "extra.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "_quarto.yml").write_text(
        "book: {chapters: [chapters/method.md]}\nbibliography: report/references.json\n"
    )
    for name, followed in (
        ("chapters/method.md", True), ("report/references.json", True), ("extra.csv", False),
    ):  # fmt: skip
        assert is_input(tmp_path / name, tmp_path) is followed
    monkeypatch.setattr("watchfiles.watch", watch)
    Watcher(tmp_path).close()
    assert set(watched) == {tmp_path, tmp_path / "chapters", tmp_path / "report"}


def test_files_elsewhere_are_not() -> None:
    assert not is_input(Path("/other/data/samples.csv"), Path("/project"))


def test_a_closed_watcher_ends_the_waiting(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    watcher = Watcher(tmp_path)
    watcher.close()
    assert list(watcher) == []
