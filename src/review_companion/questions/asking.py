"""A question as each edition shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..sentences import untraced
from ..text import escape_markdown
from .checking import digests, letter, salt
from .model import Kind, Question
from .parts import (
    BLANK,
    RULE,
    SHORT,
    bulleted,
    callout,
    div,
    heading,
    lettered,
    numbered,
    sized,
    unbroken,
)

WRITING_LINES = 4
LARGE, SMALLEST = 44, 17
LINE = 30
SIZES = ((220, 31), (420, 27), (640, 23), (950, 20))


def for_participant(question: Question) -> str:
    """The question with room for an answer; no answer, no explanation, no trace."""
    attributes = {"kind": str(question.kind), "key": question.id, "title": question.title}
    if question.answer is not None:
        salted = salt(question.id, question.ask, *(o.text for o in question.options))
        attributes |= {
            "salt": salted,
            "check": digests(salted, question.answer.parts),
            "places": str(question.places),
        }
    content = f"{untraced(question.ask)}\n\n{_ROOM[question.kind](question)}"
    return f"{_title(question)}\n\n{unbroken(div(content, 'question', **attributes))}"


def for_facilitator(question: Question) -> str:
    """The question with its answer, what goes wrong and where to look."""
    shown = div(f"{question.ask}\n\n{_listed(question)}", "question")
    minutes = "minute" if question.minutes == 1 else "minutes"
    told = f"{question.minutes} {minutes} · {question.topic}"
    key = "Model answer" if question.answer is None else "Answer"
    parts = [_title(question), told, shown, callout("tip", key, _answered(question))]
    if question.pitfall:
        parts.append(callout("warning", "What usually goes wrong", question.pitfall))
    looked = filter(None, (question.look, *question.notes))
    parts.append(callout("note", "Where to look", bulleted(looked) or "The article."))
    return "\n\n".join(parts)


def for_slides(question: Question) -> str:
    """A slide that asks and, for a question with an answer, one that tells."""
    ask = f"{untraced(question.ask)}\n\n{_listed(question)}"
    slides = [heading(2, question.title, f"q-{question.id}"), fitted(ask)]
    if question.answer is not None:
        slides += [
            heading(2, f"{question.title} – the answer", f"q-{question.id}-answer"),
            _told(question),
        ]
    return "\n\n".join(slides)


def _told(question: Question) -> str:
    explain = untraced(question.explain)
    if question.kind is Kind.NUMERIC:
        return f"{sized(untraced(_short(question)), LARGE)}\n\n{fitted(explain)}"
    lines = "\\\n".join(_answer_lines(question))
    return fitted(f"{untraced(lines)}\n\n{explain}")


def fitted(content: str) -> str:
    """Smaller the more there is, so that a slide holds it."""
    weight = len(untraced(content)) + LINE * content.count("\n")
    points = next((size for most, size in SIZES if weight <= most), SMALLEST)
    return sized(content, points)


def _title(question: Question) -> str:
    return heading(3, f"{question.number}. {question.title}", f"q-{question.id}")


def _number_room(question: Question) -> str:
    return f"Answer: {BLANK} {escape_markdown(question.unit)}".rstrip()


def _choice_room(question: Question) -> str:
    wish = "Choose all that apply." if question.kind is Kind.SEVERAL else "Choose one."
    return f"{wish}\n\n{_listed(question)}"


def _order_room(question: Question) -> str:
    first, last = question.ends
    blanks = " ".join(SHORT for _ in question.options)
    return f"{_listed(question)}\n\nLetters from {first} to {last}: {blanks}"


def _match_room(question: Question) -> str:
    lefts = numbered(f"{escape_markdown(option.text)} {SHORT}" for option in question.options)
    return f"{lefts}\n\n{lettered(escape_markdown(text) for text in question.targets)}"


# Options, and where the answer goes.
_ROOM: dict[Kind, Callable[[Question], str]] = {
    Kind.NUMERIC: _number_room,
    Kind.CHOICE: _choice_room,
    Kind.SEVERAL: _choice_room,
    Kind.ORDER: _order_room,
    Kind.MATCH: _match_room,
    Kind.OPEN: lambda question: div("\n\n".join([RULE] * WRITING_LINES), "writing"),
}


def _listed(question: Question) -> str:
    texts = [escape_markdown(option.text) for option in question.options]
    if question.kind is Kind.MATCH:
        return f"{numbered(texts)}\n\n{lettered(escape_markdown(t) for t in question.targets)}"
    return lettered(texts)


def _answered(question: Question) -> str:
    whys = bulleted(
        f"**{letter(n)}** {option.why}"
        for n, option in enumerate(question.options)
        if option.why and question.kind in (Kind.CHOICE, Kind.SEVERAL)
    )
    return "\n\n".join(part for part in (_short(question), question.explain, whys) if part)


def _short(question: Question) -> str:
    """The answer in a line or a list."""
    answer = question.answer
    if answer is None:
        return ""
    if question.kind is Kind.NUMERIC:
        others = answer.parts[0][1:]
        also = f" (also accepted: {', '.join(map(escape_markdown, others))})" if others else ""
        return f"**{answer.shown}**{also}"
    return bulleted(_answer_lines(question))


def _answer_lines(question: Question) -> Iterator[str]:
    texts = [escape_markdown(option.text) for option in question.options]
    if question.kind is Kind.MATCH:
        for left, (at,) in zip(texts, question.answer.parts, strict=True):  # type: ignore[union-attr]
            yield f"{left}: **{at}**, {escape_markdown(question.targets[_place(at)])}"
    elif question.kind is Kind.ORDER:
        for (at,) in question.answer.parts:  # type: ignore[union-attr]
            option = question.options[_place(at)]
            yield f"**{at}** {texts[_place(at)]} ({escape_markdown(option.why)})"
    else:
        for number, option in enumerate(question.options):
            if option.right:
                yield f"**{letter(number)}** {texts[number]}"


def _place(at: str) -> int:
    return ord(at) - ord("A")
