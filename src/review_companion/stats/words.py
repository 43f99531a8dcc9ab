"""English number words ↔ integers, for counts that an article spells out."""

from __future__ import annotations

from ..errors import CompanionError

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS = {word: number for number, word in enumerate(SMALL)} | {
    word: 10 * (index + 2) for index, word in enumerate(TENS)
}
LARGEST = 999_999


def in_words(number: int) -> str:
    """`in_words(17) == "seventeen"`, 194 "one hundred and ninety-four"; up to 999,999.

    Raises CompanionError for a negative or larger number.
    """
    if not 0 <= number <= LARGEST:
        raise CompanionError(f"{number} is not spelt out", hint=f"from 0 to {LARGEST}")
    if number < 100:
        return _below_hundred(number)
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    words = f"{in_words(head)} {name}"
    if not rest:
        return words
    return f"{words} {'and ' if rest < 100 else ''}{in_words(rest)}"


def _below_hundred(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, unit = divmod(number, 10)
    return TENS[tens - 2] + (f"-{SMALL[unit]}" if unit else "")


def from_words(text: str) -> int | None:
    """The integer that number words say ("Seventeen" is 17); None for any other text."""
    words = text.lower().replace("-", " ").replace("\u2011", " ").split()
    candidates = [word for word in words if word != "and"]
    if not candidates or words[0] == "and" or words[-1] == "and":
        return None
    number = _accumulate(candidates)
    return number if number is not None and _says(words, number) else None


def _accumulate(words: list[str]) -> int | None:
    total = current = 0
    for word in words:
        if word in UNITS:
            current += UNITS[word]
        elif word == "hundred":
            current *= 100
        elif word == "thousand":
            total, current = total + 1000 * current, 0
        else:
            return None
    return total + current


def _says(words: list[str], number: int) -> bool:
    """Whether the words are the way to say the number: "one two" is not a way to say three."""
    if number > LARGEST:
        return False
    expected = in_words(number).replace("-", " ").split()
    return [w for w in words if w != "and"] == [w for w in expected if w != "and"]
