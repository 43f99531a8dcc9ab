"""What may be said of a claim, key by key; `docs/claims.md` is made from it."""

from __future__ import annotations

from ..model import Verdict

VERDICTS = tuple(map(str, Verdict))
PLACE = {
    "section": "Where the statement stands: a name of `published/sections.csv`, or a table's cell "
    "(`table-1/alpha-2001/age`). In `claims.yml` that above the claim unless given.",
    "fragment": "At most eight words as they are printed, with the printed figure between "
    "asterisks: `yielded *194* articles`. Cells of tables may be quoted whole.",
    "printed": "What is printed, where it is not a part of the fragment as it stands; nothing is "
    "marked then.",
    "label": "What the statement says, in a few words. Never whether it is so.",
}
FORMS = {
    "check": "An [expression](expressions.md). A figure is held against the printed one at its "
    "printed digits; a condition holds or not. Without one the statement is made once.",
    "readings": "In place of a check: ways to read the statement, `what is meant: expression` (or "
    "`{check, printed}`). Some of them fitting is ambiguous.",
    "judged": "In place of a verdict that is computed: one that was reached by reading. A check "
    "shows what it rests on.",
    "because": "Why there is no check, or why it decides nothing; the claim cannot be computed.",
}
NOTES = dict.fromkeys(VERDICTS, "The explanation, should this be the verdict.")
SAID = {
    "severity": "`major` where it may change a reader's conclusion, `moderate` (unless given), "
    "`minor`, or `note`: too small for a finding, told in the ledger alone.",
    "found": "What was found, in a few words: the heading of a finding. The label unless given.",
    "concerns": "`words` or `citations`, where a finding bears on no figure and no conclusion.",
    "innocent": "The most innocent explanation of a finding that fits.",
    "settle": "What would settle it.",
    "changes": "What it changes for a reader, in a sentence or two: what to conclude, or not to.",
}
INFERRED = {
    "basis": "`arithmetic` where the check calculates (or a figure has none), `judged`, else "
    "`other-place`; `primary` is always given.",
    "studies": "Those named by the claim's name, its section or its check; else those of the "
    "cells that were read, if they are one or two. `[]` for none.",
    "matter": "What was found, as a heading. Claims of one matter are one card, told in "
    "several places; the one with `changes` speaks for it.",
}
EACH = {
    "for-each": "A selection of rows, such as `samples[group == \"total\"]`: every row makes a "
    "claim. The check has it as `row`; name, section, fragment, printed and label may hold "
    "`{{ row.column }}`, and `{{ row.key }}` for its key with hyphens.",
    "of": "With `for-each`: the column of which the claim is. Its locator gives section and "
    "fragment, the fragment the printed figure.",
}  # fmt: skip
KEYS = {**PLACE, **FORMS, **NOTES, **SAID, **INFERRED, **EACH}
