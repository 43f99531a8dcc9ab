"""What a session tells its participants and its facilitator, whatever the review."""

from __future__ import annotations

from .appraisal import Appraisal
from .parts import bulleted, heading, pipe_table

WELCOME = {
    "participant": (
        "Everything that you write here stays in this browser; nothing is sent anywhere. Closed "
        "questions check themselves, without a network, as soon as you ask. There is no score, "
        "and no time limit. On paper, write on the lines."
    ),
    "facilitator": (
        "This edition has the answers. Do not pass it on before the session. Participants get "
        "theirs, in which no answer can be read, only checked. Numbers lead to the cells of data "
        "from which they were computed, at the end of this file."
    ),
    "slides": "",
}
APPRAISE = (
    "Fill in a worksheet alone, then compare with someone else. Save it as a table, so that the "
    "two can be compared item by item:"
)
EXTRACT = (
    "A review is as good as its extraction. Take one of its studies, fetch the paper, and extract "
    "it yourself, without looking at the tables."
)


def welcome(edition: str) -> str:
    """The opening lines."""
    return WELCOME[edition]


def about_appraisal(edition: str, appraisals: tuple[Appraisal, ...]) -> str:
    """How the worksheets are used; on a slide, which tools."""
    tools = bulleted(f"{one.title}: {one.tool}, {one.version}" for one in appraisals)
    if edition == "slides":
        return f"{heading(2, 'Worksheets', 'appraisal-how')}\n\n{tools}"
    return f"{tools}\n\n{APPRAISE} `companion agree one.csv other.csv`."


def extraction(edition: str, focus: str) -> str:
    """How to extract a study and compare it."""
    steps = [
        ("A blank workbook for one study", f"companion export-xlsx --study {focus} --blank"),
        ("Fill it in from the paper: figures as they are printed, with the place", ""),
        ("Compare it with the review’s extraction", f"companion agree build/{focus}-blank.xlsx"),
        ("Or compare two extractors", "companion agree one.xlsx other.xlsx"),
    ]
    if edition == "slides":
        lines = bulleted(title for title, _ in steps)
        return f"{heading(2, 'Extract a study yourself', 'extract-how')}\n\n{lines}"
    rows = [[title, f"`{command}`" if command else ""] for title, command in steps]
    tells = (
        "The comparison says for each field whether the two agree, agree once rounding is allowed "
        "for, or differ, with the place in the article where the review’s figure is printed; for "
        "fields with fixed categories it gives κ. Differences are what to talk about: most come "
        "from what a study leaves open, not from carelessness."
    )
    return "\n\n".join([EXTRACT, pipe_table(["Step", "Command"], rows), tells])
