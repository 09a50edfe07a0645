"""A free text read as an editable need, as plain JSON values: what was understood, from which words, what to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final, Protocol

from landbank.domain.criteria import CRITERIA
from landbank.domain.enquiry.need import Draft, draft_need
from landbank.domain.enquiry.read import read_enquiry
from landbank.domain.enquiry.slots import Enquiry, Question, Slot, Span
from landbank.domain.templates import TEMPLATES
from landbank.errors import Invalid
from landbank.services.match_document import need_document, number

Document = dict[str, Any]

AREA_ANSWERS: Final = {"plot": "area_m2", "floor": "floor_area_m2"}
"""What an area may be said to be, and its criterion."""

UNITS: Final = {
    "area_open_m2": "m²",
    "budget_sek": "kr",
}
"""Units of what is understood and has no criterion."""


class Towns(Protocol):
    """What reading a text needs of the store."""

    def municipalities(self) -> dict[str, str]:
        """Name by code of all municipalities."""


def enquiry_document(text: str, towns: Towns, *, on: date, areas_are: str | None = None) -> Document:
    """What a text asks for, with the need to edit, as understood on a day.

    `areas_are` ('plot' or 'floor') answers the question of areas that could be either.

    Raises
    ------
    Invalid
        The text is empty or too long, or `areas_are` is another word.
    """
    if areas_are is not None and areas_are not in AREA_ANSWERS:
        raise Invalid(
            f"An area can't be '{areas_are}'.", hint=f"Say {' or '.join(AREA_ANSWERS)}.", where="areas_are"
        )
    names = {name: code for code, name in towns.municipalities().items()}
    enquiry = read_enquiry(text, on=on, municipality_names=names)
    draft = draft_need(enquiry, areas_are=AREA_ANSWERS[areas_are] if areas_are else None)
    return document_of(enquiry, draft, is_answered=areas_are is not None)


def document_of(enquiry: Enquiry, draft: Draft, *, is_answered: bool) -> Document:
    """The enquiry and its draft as JSON values."""
    reasons = {(slot.name, slot.span): reason for slot, reason in draft.left_out}
    template = draft.need.template
    return {
        "text": enquiry.text,
        "language": enquiry.language,
        "slots": [slot_document(slot, reasons.get((slot.name, slot.span))) for slot in enquiry.slots],
        "questions": [] if is_answered else [question_document(asked) for asked in enquiry.questions],
        "not_understood": [
            {**span_document(span), "words": enquiry.text[span.start : span.end]}
            for span in enquiry.not_understood
        ],
        "need": need_document(replace(draft.need, template=None)),
        "suggested_template": template,
        "suggested_musts": suggested_musts(template, draft),
    }


def slot_document(slot: Slot, left_out: str | None) -> Document:
    """One slot; `left_out` says why it is not in the need, or is null."""
    criterion = CRITERIA.get(slot.name)
    return {
        "name": slot.name,
        "sense": str(slot.sense),
        "value": value_of(slot.value),
        "unit": criterion.unit if criterion else UNITS.get(slot.name),
        "strength": str(slot.strength),
        "words": slot.words,
        **span_document(slot.span),
        "left_out": left_out,
    }


def question_document(asked: Question) -> Document:
    """A question with its answers in the words that `areas_are` takes."""
    words = {criterion: word for word, criterion in AREA_ANSWERS.items()}
    return {
        "about": asked.about,
        "words": asked.words,
        **span_document(asked.span),
        "choices": [words[choice] for choice in asked.choices],
        "suggested": words[asked.suggested] if asked.suggested else None,
    }


def span_document(span: Span) -> Document:
    """Where in the text, in characters."""
    return {"start": span.start, "end": span.end}


def suggested_musts(template: str | None, draft: Draft) -> list[Document]:
    """The template's musts on criteria that the text says nothing of: offered, never taken unasked."""
    if template is None:
        return []
    told = {must.criterion for must in draft.need.musts} | {wish.criterion for wish in draft.need.wishes}
    offered = tuple(must for must in TEMPLATES[template].musts if must.criterion not in told - {"use"})
    musts: list[Document] = need_document(replace(draft.need, musts=offered))["musts"]
    return musts


def value_of(value: Any) -> Any:
    """A slot's value as a JSON value."""
    if isinstance(value, tuple):
        return [value_of(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | bool) else number(value)
