"""The data that a page carries so that it can be checked alone, and digests of the rest."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import CompanionError
from ..package.files import files_within
from ..package.package import load_package
from ..review import Review
from .digests import folder_digest, sha256

# base 85 uses these three, which mean something in HTML, and none of the three in their place
TO_HTML, FROM_HTML = bytes.maketrans(b"&<>", b",./"), bytes.maketrans(b",./", b"&<>")
ELEMENT, ENTRIES = "companion-carried", "companion-entries"
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class PageData:
    """`package` is the data folder as a tar archive; digests are SHA-256 in hexadecimal.

    `data` is over the files of the folder, `claims` and `traces` over the JSON files, `inputs` over
    all files that the render read except the program, of which `program` is the version.
    `parameters` are those not at their default; `beside` are the parameter sets of single
    notebooks, which need not declare all of them.
    """

    inputs: str
    data: str
    program: str
    claims: str
    traces: str
    parameters: Mapping[str, Any]
    package: bytes
    beside: Sequence[Mapping[str, Any]] = ()

    def unpacked(self, folder: Path) -> Review:
        """The review over the page's own data, which are unpacked into a folder."""
        unpack(self.package, folder / "data")
        return Review(folder, load_package(folder / "data"), self.parameters, self.beside)

    def to_json(self) -> str:
        """One JSON object; the archive in base 85, with other characters for &, < and >."""
        text = base64.b85encode(self.package).translate(TO_HTML)
        fields = {**vars(self), "package": text.decode("ascii")}
        return json.dumps(fields, sort_keys=True)


def from_json(text: str) -> PageData:
    """The data in a JSON object; raises CompanionError for anything else."""
    try:
        fields = json.loads(text)
        package = base64.b85decode(fields.pop("package").encode("ascii").translate(FROM_HTML))
        return PageData(**fields, package=package)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CompanionError(f"what the page carries cannot be read: {error}") from None


def packed(folder: Path) -> bytes:
    """The folder as an archive, made once for a state of its files."""
    return _packed(folder, folder_digest(folder))


@lru_cache(1)
def _packed(folder: Path, digest: str) -> bytes:
    return pack(folder)


def pack(folder: Path) -> bytes:
    """The folder as a tar archive (bzip2): names sorted, no times, no owners."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in files_within(folder):
            entry = tarfile.TarInfo(name)
            content = path.read_bytes()
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def unpack(package: bytes, folder: Path) -> None:
    """Writes the archive's files into the folder.

    Raises CompanionError for an archive that is damaged, too large, or that reaches outside.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:bz2") as archive:
            size = 0
            for entry in archive:
                size += entry.size
                if not entry.isfile() or size > MOST_BYTES:
                    raise CompanionError("the data that the page carries are not plain files")
                archive.extract(entry, folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        if getattr(error, "errno", None):  # a full disk, not the page
            raise
        raise CompanionError(f"the data carried cannot be unpacked: {error}") from None


def pack_text(text: str) -> str:
    """A text as a JSON string: base 64 of gzip, as a browser unpacks it."""
    return json.dumps(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii"))


def unpack_text(packed: str) -> str:
    """A text from its packed form. Raises CompanionError if it is damaged or too large."""
    try:
        with gzip.open(io.BytesIO(base64.b64decode(json.loads(packed)))) as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise CompanionError("the entries that the page carries are too large")
        return content.decode("utf-8")
    except (ValueError, TypeError, OSError, EOFError, zlib.error) as error:
        raise CompanionError(f"the entries carried cannot be unpacked: {error}") from None


def page_data(review: Review, inputs: str, claims: str, traces: str) -> PageData:
    """The data for a page of the review; `claims` and `traces` are JSON text."""
    folder, given = review.package.folder, review.parameters.items()
    return PageData(
        inputs=inputs,
        data=folder_digest(folder),
        program=version("review-companion"),
        claims=sha256(claims.encode()),
        traces=sha256(traces.encode()),
        parameters={name: value for name, value in given if value != review.defaults[name]},
        beside=[dict(entry) for entry in review.other_parameters],
        package=packed(folder),
    )
