"""What every page has around its content: title, language, menu, footer, notices; and the templates' engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from landbank.api.health import own_version
from landbank.api.i18n import Language, Words, read_words
from landbank.maps import MapParts
from landbank.store.standing import Inventory

ADDRESSES: Mapping[str, Mapping[Language, str]] = {
    "search": {Language.SV: "/", Language.EN: "/en"},
    "plot": {Language.SV: "/tomt", Language.EN: "/en/plot"},
    "about": {Language.SV: "/om", Language.EN: "/en/about"},
    "accessibility": {Language.SV: "/tillganglighet", Language.EN: "/en/accessibility"},
    "dictionary": {Language.SV: "/datakatalog", Language.EN: "/en/dictionary"},
}
"""Address of each page by language; a plot's is followed by its id."""

LANGUAGE_NAMES = {Language.SV: "Svenska", Language.EN: "English"}


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link of the menu or the footer."""

    url: str
    text: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What base.html needs of a page."""

    language: Language
    kind: str
    title: str
    description: str
    home_url: str
    other_language: Language
    other_name: str
    other_url: str
    menu: tuple[MenuLink, ...]
    footer: tuple[MenuLink, ...]
    is_synthetic: bool
    revision: str | None
    changed_on: str


@dataclass(slots=True, eq=False)
class Pages:
    """Renders the pages of one process. `latest` is the inventory as the last page saw it, for error pages."""

    environments: Mapping[Language, Environment]
    words: Mapping[Language, Words]
    maps: Mapping[Language, MapParts]
    version: str
    static: Callable[[str], str]
    latest: Inventory | None = field(default=None)

    def render(self, template: str, frame: Frame, **content: Any) -> str:
        """A page's HTML."""
        environment, parts = self.environments[frame.language], self.maps[frame.language]
        return environment.get_template(template).render(
            page=frame,
            map=parts,
            map_html=Markup(parts.html),  # noqa: S704 - constants of our own code, see landbank/maps
            **content,
        )

    def frame(
        self,
        name: str,
        language: Language,
        title: str,
        *,
        description: str = "",
        tail: str = "",
        kind: str = "text",
        other_url: str | None = None,
    ) -> Frame:
        """The frame of a page; `tail` is what follows the page's address (id, query) and is kept when the
        language is switched; `other_url` is the page's address in the other language, where it has no own."""
        words, other = self.words[language], Language.EN if language is Language.SV else Language.SV
        inventory = self.latest
        return Frame(
            language=language,
            kind=kind,
            title=title,
            description=description
            or words.gettext("Planlagd verksamhetsmark i Göteborgsregionens 13 kommuner."),
            home_url=ADDRESSES["search"][language],
            other_language=other,
            other_name=LANGUAGE_NAMES[other],
            other_url=other_url or ADDRESSES[name][other] + tail,
            menu=self.links(language, name, ("search", "about")),
            footer=(
                *self.links(language, name, ("about", "dictionary", "accessibility")),
                MenuLink("/ogc", words.gettext("Öppna data (OGC API)"), is_here=name == "ogc"),
            ),
            is_synthetic=bool(inventory and inventory.is_synthetic),
            revision=words.number(inventory.revision, 0) if inventory else None,
            changed_on=words.day(inventory.changed_at.date()) if inventory else "",
        )

    def links(self, language: Language, here: str, names: tuple[str, ...]) -> tuple[MenuLink, ...]:
        """Links to pages by name."""
        words = self.words[language]
        texts = {
            "search": words.gettext("Sök mark"),
            "about": words.gettext("Om landbank"),
            "dictionary": words.gettext("Datakatalog"),
            "accessibility": words.gettext("Tillgänglighet"),
        }
        return tuple(MenuLink(ADDRESSES[name][language], texts[name], name == here) for name in names)


def open_pages(web: Path, static: Callable[[str], str], maps: Mapping[Any, MapParts]) -> Pages:
    """The pages with the templates and texts of the folder `web`.

    `static` gives the address of a static file by its name, `maps` the map by language ('sv', 'en').
    """
    words = read_words(web / "locale")
    return Pages(
        environments={
            language: environment(web / "templates", static, words[language]) for language in Language
        },
        words=words,
        maps={language: maps[language.value] for language in Language},
        version=own_version() + folder_hash(web / "templates", web / "locale") + static("css/site.css"),
        static=static,
    )


def environment(folder: Path, static: Callable[[str], str], words: Words) -> Environment:
    """The templates' engine for one language: everything is escaped, a name that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["static"] = static
    return made


def folder_hash(*folders: Path) -> str:
    """Some hexadecimal digits over all files of the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
