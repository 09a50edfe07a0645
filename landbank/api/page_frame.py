"""What every page has around its content: title, language, menu, footer, notices; and the templates' engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from landbank.api.health import own_version
from landbank.api.i18n import Language, Words, read_words
from landbank.api.page_moment import PastNotice
from landbank.domain.people import Actor, Permission
from landbank.maps import MapParts
from landbank.store.standing import Inventory

ADDRESSES: Mapping[str, Mapping[Language, str]] = {
    "search": {Language.SV: "/", Language.EN: "/en"},
    "plot": {Language.SV: "/tomt", Language.EN: "/en/plot"},
    "about": {Language.SV: "/om", Language.EN: "/en/about"},
    "accessibility": {Language.SV: "/tillganglighet", Language.EN: "/en/accessibility"},
    "dictionary": {Language.SV: "/datakatalog", Language.EN: "/en/dictionary"},
    "sign_in": {Language.SV: "/logga-in", Language.EN: "/en/sign-in"},
    "code": {Language.SV: "/logga-in/kod", Language.EN: "/en/sign-in/code"},
    "enrolment": {Language.SV: "/logga-in/andra-faktor", Language.EN: "/en/sign-in/second-factor"},
    "service": {Language.SV: "/logga-in/tjanst", Language.EN: "/en/sign-in/service"},
    "welcome": {Language.SV: "/valkommen", Language.EN: "/en/welcome"},
    "sign_out": {Language.SV: "/logga-ut", Language.EN: "/en/sign-out"},
    "account": {Language.SV: "/konto", Language.EN: "/en/account"},
    "people": {Language.SV: "/personer", Language.EN: "/en/people"},
    "supply": {Language.SV: "/laget", Language.EN: "/en/supply"},
    "quality": {Language.SV: "/kvalitet", Language.EN: "/en/quality"},
    "operation": {Language.SV: "/drift", Language.EN: "/en/operation"},
    "municipality": {Language.SV: "/kommun", Language.EN: "/en/municipality"},
    "imports": {Language.SV: "/importer", Language.EN: "/en/imports"},
    "mailing": {Language.SV: "/utskick", Language.EN: "/en/mailing"},
}
"""Address of each page by language; a plot's is followed by its id."""

HISTORY: Mapping[Language, str] = {Language.SV: "historik", Language.EN: "history"}
"""What follows a plot's address on the way to what happened to it."""

FEEDS: Mapping[Language, str] = {
    Language.SV: "/api/changes.atom",
    Language.EN: "/api/changes.atom?lang=en",
}
"""The feed of changes by language, linked from every page's head."""

LANGUAGE_NAMES = {Language.SV: "Svenska", Language.EN: "English"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in: the name that the pages show, and the token that their forms carry."""

    name: str
    token: str
    actor: Actor


VISITOR: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""For whom the request at hand makes its page; set before any page is made, so that none can forget to ask."""


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
    past: PastNotice | None
    feed_url: str
    visitor: Visitor | None
    sign_in_url: str | None
    sign_out_url: str
    account_url: str

    @property
    def token(self) -> str:
        """What a form that changes something carries in its field `_token`; empty where nobody is signed in."""
        return self.visitor.token if self.visitor else ""


@dataclass(slots=True, eq=False)
class Pages:
    """Renders the pages of one process.

    `latest` is the inventory as the last page saw it, for error pages; `offers_sign_in` is whether there is any way to
    sign in here.
    """

    environments: Mapping[Language, Environment]
    words: Mapping[Language, Words]
    maps: Mapping[Language, MapParts]
    version: str
    static: Callable[[str], str]
    offers_sign_in: bool = True
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
        other_tail: str | None = None,
        kind: str = "text",
        past: PastNotice | None = None,
        own_url: str | None = None,
        other_url: str | None = None,
    ) -> Frame:
        """The frame of a page; `tail` is what follows the page's address (id, query) and is kept when the
        language is switched, unless it reads otherwise there: `other_tail`. `own_url` and `other_url` are the page's
        addresses in this language and the other, where it has none of its own here. `past` is the banner of a page
        about an earlier moment."""
        words, other = self.words[language], Language.EN if language is Language.SV else Language.SV
        inventory, visitor = self.latest, VISITOR.get()
        return Frame(
            language=language,
            kind=kind,
            title=title,
            description=description
            or words.gettext("Planlagd verksamhetsmark i Göteborgsregionens 13 kommuner."),
            home_url=ADDRESSES["search"][language],
            other_language=other,
            other_name=LANGUAGE_NAMES[other],
            other_url=other_url or ADDRESSES[name][other] + (tail if other_tail is None else other_tail),
            menu=self.links(language, name, ("search", "supply", "about", *menu_for(visitor))),
            footer=(
                *self.links(language, name, ("about", "supply", "quality", "dictionary", "accessibility")),
                MenuLink("/ogc", words.gettext("Öppna data (OGC API)"), is_here=name == "ogc"),
            ),
            is_synthetic=bool(inventory and inventory.is_synthetic),
            revision=words.number(inventory.revision, 0) if inventory else None,
            changed_on=words.day(inventory.changed_at.date()) if inventory else "",
            visitor=visitor,
            sign_in_url=self.sign_in_url(language, name, own_url or ADDRESSES[name][language] + tail)
            if self.offers_sign_in
            else None,
            sign_out_url=ADDRESSES["sign_out"][language],
            account_url=ADDRESSES["account"][language],
            past=past,
            feed_url=FEEDS[language],
        )

    def sign_in_url(self, language: Language, name: str, here: str) -> str:
        """The address of the sign-in page, which leads back to the page at hand (`here`)."""
        sign_in = ADDRESSES["sign_in"][language]
        is_plain = name in LEADS_NOWHERE or here == ADDRESSES["search"][language]
        return sign_in if is_plain else f"{sign_in}?vidare={quote(here, safe='/')}"

    def links(self, language: Language, here: str, names: tuple[str, ...]) -> tuple[MenuLink, ...]:
        """Links to pages by name."""
        words = self.words[language]
        texts = {
            "search": words.gettext("Sök mark"),
            "about": words.gettext("Om landbank"),
            "dictionary": words.gettext("Datakatalog"),
            "accessibility": words.gettext("Tillgänglighet"),
            "people": words.gettext("Personer"),
            "supply": words.gettext("Utbud av mark"),
            "quality": words.gettext("Kvalitet"),
            "operation": words.gettext("Drift"),
            "municipality": words.gettext("Min kommun"),
            "imports": words.gettext("Importer"),
        }
        return tuple(MenuLink(ADDRESSES[name][language], texts[name], name == here) for name in names)


LEADS_NOWHERE = frozenset({"sign_in", "code", "enrolment", "service", "welcome", "sign_out"})
"""Pages that nobody is led back to after signing in."""


def menu_for(visitor: Visitor | None) -> tuple[str, ...]:
    """The pages that the menu offers to who is signed in, beside everybody's."""
    if visitor is None:
        return ()
    codes = visitor.actor.writes_in()
    keeps_plots = () if codes is not None and not codes else ("municipality",)
    imports = ("imports",) if visitor.actor.may(Permission.IMPORT) else ()
    people = ("people",) if visitor.actor.may(Permission.MANAGE_PEOPLE) else ()
    return (*keeps_plots, *imports, *people)


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
