"""Changes of plots as an Atom feed. Source: RFC 4287."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from xml.etree import ElementTree as ET

from landbank.api.i18n import Words
from landbank.api.page_frame import ADDRESSES, HISTORY
from landbank.api.page_history import EventTeller, EventView, who_text
from landbank.domain.history import Event

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) can't hold, not even escaped."""


class Identity(Protocol):
    """How a plot is named."""

    @property
    def name(self) -> str | None: ...
    @property
    def reference(self) -> str: ...
    @property
    def municipality_name(self) -> str: ...


def atom_feed(
    events: Sequence[Event],
    plots: Mapping[int, Identity],
    names: Mapping[str, Mapping[int, str]],
    words: Words,
    *,
    address: str,
    updated: datetime,
) -> bytes:
    """The feed in one language. `address` is landbank's own, `updated` when the inventory changed last."""
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": words.language.value})
    own = f"{address}/api/changes.atom" + ("?lang=en" if words.language.value == "en" else "")
    add(feed, "id", own)
    add(feed, "title", words.gettext("Ändringar i landbank"))
    add(feed, "updated", updated.isoformat())
    add(feed, "link", rel="self", type=MEDIA_TYPE, href=own)
    add(feed, "link", rel="alternate", type="text/html", href=address + ADDRESSES["search"][words.language])
    author = ET.SubElement(feed, "author")
    add(author, "name", "landbank")
    for event in events:
        path = f"{ADDRESSES['plot'][words.language]}/{event.noun_id}"
        view = EventTeller(words, names, path, is_planner=False).event(event)
        add_entry(
            ET.SubElement(feed, "entry"), event, view, plots[int(event.noun_id)], words=words, address=address
        )
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def add_entry(
    entry: ET.Element, event: Event, view: EventView, plot: Identity, *, words: Words, address: str
) -> None:
    """What an entry holds of one change."""
    page = f"{address}{ADDRESSES['plot'][words.language]}/{event.noun_id}"
    add(entry, "id", f"{address}/api/changes/{event.revision}")
    add(entry, "title", f"{plot.name or plot.reference}, {plot.municipality_name}: {view.heading.lower()}")
    add(entry, "updated", view.moment)
    add(entry, "link", rel="alternate", type="text/html", href=f"{page}/{HISTORY[words.language]}")
    add(entry, "link", rel="related", type="text/html", href=page)
    author = ET.SubElement(entry, "author")
    add(author, "name", who_text(event, words))
    lines = [f"{change.name}: {change.before} → {change.after}" for change in view.changes]
    add(entry, "summary", "\n".join(lines) or view.heading)


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    """An element with text, without what XML can't hold."""
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
