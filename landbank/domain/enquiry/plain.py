"""The text in one plain form, sign by sign, so that a place in it is a place in what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from landbank.domain.enquiry.slots import Span

SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007\t"), " ")
DASHES = dict.fromkeys(map(ord, "–—−‐‑"), "-")
WORD = re.compile(r"[^\W\d_][\w:/&-]*|\d[\d.,/]*\w*", re.UNICODE)
CLAUSE_END = re.compile(
    r"[;\n•?!]|\.(?=\s|$)|,(?=\s)|\s-\s|\bmen\b|\bbut\b|\b(?:och|and)\s(?=gärna\b|helst\b|preferably\b|ideally\b|måste\b|must\b)"
)


@dataclass(slots=True)
class Plain:
    """A text in lower case with plain spaces and dashes, of the same length, and what of it is used up."""

    text: str
    plain: str
    used: list[Span] = field(default_factory=list)
    refused: list[Span] = field(default_factory=list)

    def is_free(self, span: Span) -> bool:
        """Whether no rule has used any of the span, or found that it can't be meant."""
        return not any(span.overlaps(taken) for taken in (*self.used, *self.refused))

    def use(self, *spans: Span) -> None:
        """Note that a rule has understood these parts."""
        self.used.extend(spans)

    def refuse(self, span: Span) -> None:
        """Note that a part can't be meant, as a day that no calendar has: it stays among what was not understood."""
        self.refused.append(span)

    def find(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """The matches of a pattern in what is still free, in order."""
        return [found for found in pattern.finditer(self.plain) if self.is_free(Span(*found.span()))]

    def clause(self, span: Span) -> Span:
        """The clause that the span stands in."""
        start = 0
        for found in CLAUSE_END.finditer(self.plain):
            if found.end() <= span.start:
                start = found.end()
            elif found.start() >= span.end:
                return Span(start, found.start())
        return Span(start, len(self.plain))

    def words_of(self, span: Span) -> str:
        """The span as it was written."""
        return self.text[span.start : span.end]


def plain_text(text: str) -> Plain:
    """The text made plain; lower case never changes its length (`İ` and its like stay as they are)."""
    lowered = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return Plain(text, lowered.translate(SPACES).translate(DASHES))
