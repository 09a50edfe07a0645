"""A search with a must changed: what a relaxation or a near miss proposes, as one address to go to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from landbank.api import form_fields as ff
from landbank.api.advice_phrases import loosened
from landbank.api.form_from_text import typed
from landbank.api.need_form import PAGE_STEP, NeedForm, as_wish, read_day
from landbank.domain.criterion import Op
from landbank.domain.need import Must


def eased(form: NeedForm, changes: Sequence[tuple[Must, Must | None]]) -> NeedForm:
    """The form with musts made looser; one that nothing but letting go of it helps becomes a wish."""
    for asked, looser in changes:
        one = ff.BY_CRITERION[asked.criterion]
        if looser is None or isinstance(one, ff.Flag):
            form = as_wish(form, one.name)
        else:
            form = replace(form, values={**form.values, **texts_of(one, form, loosened(looser))})
    return replace(form, errors={}, shown=PAGE_STEP)


def texts_of(one: ff.Field, form: NeedForm, must: Must) -> dict[str, tuple[str, ...]]:
    """A looser must as the texts of its field."""
    threshold = must.threshold
    if isinstance(one, ff.Day):
        day, days = read_day(form.text(one.name)), threshold if isinstance(threshold, float) else 0.0
        return {one.name: ((day + timedelta(days=math.ceil(days))).isoformat(),)} if day else {}
    if isinstance(one, ff.Choice):
        codes = [str(code) for code in threshold] if isinstance(threshold, tuple) else []
        return {one.name: tuple(dict.fromkeys((*form.chosen(one.name), *codes)))}
    sides = [float(side) for side in (threshold if isinstance(threshold, tuple) else (threshold,))]  # type: ignore[arg-type]
    texts = [(typed(side / one.factor),) for side in sides]
    if not isinstance(one, ff.Span):
        return {one.name: texts[0]}
    least, most = one.parameters
    if must.op is Op.BETWEEN:
        return {least: texts[0], most: texts[1]}
    return {least if must.op is Op.AT_LEAST else most: texts[0]}
