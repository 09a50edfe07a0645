"""The plot page's content: what is known of a plot in groups, each value with its meaning, source and age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from landbank.api.i18n import NO_BREAK_SPACE, Words
from landbank.api.links import is_web_address
from landbank.api.page_freshness import certainty_lines, fresh_text
from landbank.api.page_labels import label_text, place_text, plot_name
from landbank.api.page_plot_tables import Table, fact_tables
from landbank.codelists import terms
from landbank.codelists.fields import VIEW, load_fields
from landbank.domain.codes import PlanningState, Readiness
from landbank.domain.freshness import PlotFreshness, is_stale
from landbank.domain.plan import PlanCourse
from landbank.services.describe_plot import PlotDescription

BUILDABLE = (Readiness.BYGGKLAR, Readiness.BEBYGGD)


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value; `note` explains it, `origin` says where it comes from, `href` makes it a link."""

    name: str
    text: str
    note: str = ""
    origin: str = ""
    is_stale: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts under one heading, and the table beneath them where there is one."""

    id: str
    title: str
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class PlotView:
    """What the template shows of a plot."""

    plot_id: int
    name: str
    place: str
    label: str
    label_text: str
    label_meaning: str
    description: str
    fresh: str
    certainty: tuple[str, ...]
    is_stale: bool
    needs_confirmation: bool
    axes: tuple[Fact, ...]
    groups: tuple[Group, ...]
    contact: tuple[Fact, ...]
    longitude: str
    latitude: str
    has_outline: bool
    predecessors: tuple[tuple[int, str], ...]


def plot_view(told: PlotDescription, freshness: PlotFreshness, words: Words) -> PlotView:
    """The page's content of a described plot, in one language."""
    plot = told.plot
    teller = Teller(told, words)
    tables = fact_tables(told, words)
    return PlotView(
        plot_id=plot["plot_id"],
        name=plot_name(plot),
        place=place_text(plot),
        label=plot["label"],
        label_text=label_text(plot, words),
        label_meaning=terms("public_label")[plot["label"]].definition(words.language),
        description=plot["description"] or "",
        fresh=fresh_text(plot["confirmed_on"], plot["today"], words),
        certainty=certainty_lines(freshness, words),
        is_stale=bool(freshness.stale),
        needs_confirmation=plot["needs_confirmation"],
        axes=teller.axes(),
        groups=groups(teller, tables, words),
        contact=teller.contact(),
        longitude=f"{plot['longitude']:.6f}",
        latitude=f"{plot['latitude']:.6f}",
        has_outline=plot["has_outline"],
        predecessors=tuple((row["plot_id"], plot_name(row)) for row in told.predecessors),
    )


def groups(teller: Teller, tables: Mapping[str, Table | None], words: Words) -> tuple[Group, ...]:
    """What is known of the plot, in the order of the page."""
    return (
        Group("storlek", words.gettext("Storlek"), teller.size()),
        Group(
            "anvandning",
            words.gettext("Användning och byggrätt"),
            teller.build_right(),
            tables["uses"],
            words.gettext("Ingen användning är angiven. Fråga kommunen vad planen tillåter."),
        ),
        Group("plan", words.gettext("Plan"), teller.plan()),
        Group(
            "hinder",
            words.gettext("Begränsningar"),
            (),
            tables["restrictions"],
            words.gettext("Inga kända begränsningar."),
        ),
        Group(
            "forsorjning",
            words.gettext("El, vatten och andra ledningar"),
            (),
            tables["utilities"],
            words.gettext("Inga uppgifter om ledningar. Fråga nätägarna."),
        ),
        Group(
            "lage",
            words.gettext("Läge"),
            teller.surroundings(),
            tables["accesses"],
            words.gettext("Inga avstånd är räknade."),
        ),
        Group(
            "pris",
            words.gettext("Pris och upplåtelse"),
            teller.terms_of_sale(),
            tables["prices"],
            words.gettext("Inget pris är satt. Fråga kommunen."),
        ),
        Group("uppgifter", words.gettext("Om uppgifterna"), teller.record()),
    )


class Teller:
    """Puts one plot's values into words."""

    def __init__(self, told: PlotDescription, words: Words) -> None:
        self.plot = told.plot
        self.sources = told.sources
        self.words = words
        self.today: date = told.plot["today"]

    def fact(self, name: str, text: str | None, column: str = "", note: str = "", href: str = "") -> Fact:
        """A named value; one that is not known says so. `column` finds its source and how old it may be."""
        origin, stale = self.origin(column) if column and text is not None else ("", False)
        return Fact(name, text or self.words.gettext("Okänt"), note, origin, stale, href)

    def origin(self, column: str) -> tuple[str, bool]:
        """Where a value of its own source comes from, and whether it is older than it may be."""
        own: Mapping[str, Any] | None = self.sources.get(column)
        most_days = load_fields().field(VIEW, column).max_age_days
        confirmed_on = (own and own["confirmed_on"]) or self.plot["confirmed_on"]
        stale = is_stale(confirmed_on, most_days, self.today)
        parts = [part for part in (own["source"], own["method"], own["note"]) if part] if own else []
        if confirmed_on and (own or stale):
            parts.append(self.words.gettext("bekräftad %(day)s") % {"day": self.words.day(confirmed_on)})
        elif stale:
            parts.append(self.words.gettext("aldrig bekräftad"))
        return ", ".join(parts), stale

    def term(self, name: str, code: str | None) -> tuple[str | None, str]:
        """A code's label and definition; (None, "") for none."""
        if code is None:
            return None, ""
        term = terms(name)[code]
        return term.label(self.words.language), term.definition(self.words.language)

    def axes(self) -> tuple[Fact, ...]:
        """The four axes: planning, ground, sale, restrictions."""
        _, plot = self.words.gettext, self.plot
        planning, planning_meaning = self.term("planning_state", plot["planning_state"])
        ground, ground_meaning = self.term("readiness", plot["readiness"])
        sale, sale_meaning = self.term("availability", plot["availability"])
        return (
            self.fact(
                _("Planläge"),
                self.dated(planning, plot["legal_force_on"]),
                "planning_state",
                planning_meaning,
            ),
            self.fact(_("Marken"), self.readied(ground), "readiness", ground_meaning),
            self.fact(
                _("Försäljning"),
                self.dated(sale, plot["available_on"], until=plot["availability_until"]),
                "availability",
                sale_meaning,
            ),
            Fact(
                _("Begränsningar"),
                _("Inga kända")
                if not plot["restriction_count"]
                else self.words.ngettext(
                    "%(number)s begränsning", "%(number)s begränsningar", plot["restriction_count"]
                )
                % {"number": plot["restriction_count"]},
                _("Minst en hindrar byggande tills den är löst.")
                if plot["blocking_kind"]
                else _("Ingen hindrar byggande."),
            ),
        )

    def dated(self, text: str | None, day: date | None, until: date | None = None) -> str | None:
        """A state with its day: when it began or will begin, or until when it holds."""
        if text is None:
            return None
        if until is not None:
            return self.words.gettext("%(state)s till %(day)s") % {
                "state": text,
                "day": self.words.day(until),
            }
        if day is None:
            return text
        since = self.words.gettext("%(state)s sedan %(day)s")
        starting = self.words.gettext("%(state)s från %(day)s")
        return (since if day <= self.today else starting) % {"state": text, "day": self.words.day(day)}

    def readied(self, ground: str | None) -> str | None:
        """How ready the ground is, and the day that it was or will be ready to build on."""
        day: date | None = self.plot["ready_on"]
        if ground is None or day is None:
            return ground
        if self.plot["readiness"] in BUILDABLE:
            return self.dated(ground, day)
        pattern = self.words.gettext("%(state)s, väntas byggklar %(day)s")
        return pattern % {"state": ground, "day": self.words.day(day)}

    def size(self) -> tuple[Fact, ...]:
        """Area by each way of finding it, net area and smallest lot."""
        _, plot = self.words.gettext, self.plot
        method, meaning = self.term("area_method", plot["area_method"])
        facts = [
            self.fact(
                _("Area"), self.area(plot["area_m2"]), "area_m2", f"{method}. {meaning}" if method else ""
            ),
            self.fact(_("Area enligt ägaren"), self.area(plot["area_declared_m2"]), "area_declared_m2"),
            self.fact(_("Säljbar del"), self.area(plot["net_area_m2"]), "net_area_m2"),
            self.fact(_("Största sammanhängande del"), self.area(plot["largest_part_m2"]), "largest_part_m2"),
            self.fact(_("Minsta tomt vid delning"), self.area(plot["minimum_lot_m2"]), "minimum_lot_m2"),
            self.fact(_("Kan delas"), self.claim(plot["is_subdividable"]), "is_subdividable"),
        ]
        return tuple(facts)

    def area(self, area_m2: float | None) -> str | None:
        """An area in hectares and square metres."""
        return (
            None
            if area_m2 is None
            else f"{self.words.hectares(area_m2)} ({self.words.square_metres(area_m2)})"
        )

    def claim(self, holds: bool | None) -> str | None:
        """Yes, no, or not known."""
        return None if holds is None else self.words.gettext("Ja") if holds else self.words.gettext("Nej")

    def build_right(self) -> tuple[Fact, ...]:
        """The greatest height and what it is counted from, and how demanding an activity may be."""
        height = self.plot["height_max_m"]
        basis, _meaning = self.term("height_basis", self.plot["height_basis"])
        text = None if height is None else self.words.metres(height)
        environment, meaning = self.term("environment_class", self.plot["environment_class"])
        return (
            self.fact(self.words.gettext("Högsta höjd"), text, "height_max_m", basis or ""),
            self.fact(self.words.gettext("Miljöklass"), environment, "environment_class", meaning),
        )

    def plan(self) -> tuple[Fact, ...]:
        """The plan that decides, its dates and its document."""
        _, plot = self.words.gettext, self.plot
        if plot["plan_reference"] is None:
            return (self.fact(_("Plan"), None),)
        name = " ".join(part for part in (plot["plan_reference"], plot["plan_name"]) if part)
        guarantee = _("Till dess får planen inte ändras mot ägarens vilja (plan- och bygglagen 4 kap. 39 §).")
        guaranteed = plan_course(plot).guaranteed_until(self.today)
        facts = [
            self.fact(_("Plan"), name),
            self.fact(_("Antagen"), self.day(plot["adopted_on"])),
            self.fact(_("Laga kraft"), self.day(plot["legal_force_on"])),
            self.fact(_("Genomförandetid från"), self.day(plot["implementation_starts_on"])),
            self.fact(
                _("Genomförandetid till"), self.day(plot["implementation_ends_on"]), "implementation_ends_on"
            ),
        ]
        if guaranteed is not None:
            facts.append(self.fact(_("Byggrätten är garanterad till"), self.day(guaranteed), note=guarantee))
        if is_web_address(plot["plan_document_url"]):
            facts.append(self.fact(_("Plankarta"), _("Öppna planhandlingen"), href=plot["plan_document_url"]))
        return tuple(facts)

    def day(self, day: date | None) -> str | None:
        """A date, or None."""
        return None if day is None else self.words.day(day)

    def surroundings(self) -> tuple[Fact, ...]:
        """The distance to the nearest dwelling, the siding, and what is known of the ground."""
        _, plot = self.words.gettext, self.plot
        distance, slope = plot["dwelling_distance_m"], plot["slope_percent"]
        ground, ground_meaning = self.term("ground_kind", plot["ground_kind"])
        flood, flood_meaning = self.term("flood_class", plot["flood_class"])
        steepness = None if slope is None else f"{self.words.number(slope, 1)}{NO_BREAK_SPACE}%"
        return (
            self.fact(
                _("Till närmaste bostad"),
                None if distance is None else self.words.metres(distance),
                "dwelling_distance_m",
            ),
            self.fact(_("Stickspår"), self.claim(plot["has_rail_siding"]), "has_rail_siding"),
            self.fact(_("Jordart"), ground, "ground_kind", ground_meaning),
            self.fact(_("Lutning"), steepness, "slope_percent"),
            self.fact(_("Översvämning"), flood, "flood_class", flood_meaning),
        )

    def terms_of_sale(self) -> tuple[Fact, ...]:
        """Who owns the land and in which forms it is let go."""
        _, plot = self.words.gettext, self.plot
        owner, meaning = self.term("owner_kind", plot["owner_kind"])
        return (
            self.fact(_("Ägare"), owner, "owner_kind", meaning),
            self.fact(_("Släpps genom"), self.listed("tenure", plot["tenures"]), "tenures"),
        )

    def listed(self, name: str, found: Iterable[str] | None) -> str | None:
        """The labels of several codes; None where none is known."""
        texts = [str(self.term(name, code)[0]).lower() for code in found or ()]
        return ", ".join(texts) or None

    def record(self) -> tuple[Fact, ...]:
        """Identity, source and keeper."""
        _, plot = self.words.gettext, self.plot
        address = plot["source_url"] if is_web_address(plot["source_url"]) else ""
        return (
            self.fact(_("Beteckning i landbank"), plot["reference"]),
            self.fact(_("Fastighet"), ", ".join(plot["property_designations"] or ()) or None),
            self.fact(_("Källa"), plot["source"], href=address),
            self.fact(_("Uppgifterna sköts av"), plot["steward_title"]),
            self.fact(_("Senast bekräftad"), self.day(plot["confirmed_on"])),
            self.fact(_("Senast ändrad i landbank"), self.day(plot["recorded_at"].date())),
            self.fact(
                _("Uppgifternas slag"), _("Påhittat exempel") if plot["is_synthetic"] else _("Verklig tomt")
            ),
        )

    def contact(self) -> tuple[Fact, ...]:
        """The office that sells: its name, mail and telephone."""
        _, plot = self.words.gettext, self.plot
        if plot["sales_contact_title"] is None:
            return ()
        facts = [Fact(_("Funktion"), f"{plot['sales_contact_title']}, {plot['municipality_name']}")]
        mail, telephone = plot["sales_contact_email"], plot["sales_contact_phone"]
        if mail:
            facts.append(Fact(_("E-post"), mail, href=f"mailto:{mail}" if is_plain_mail(mail) else ""))
        if telephone:
            facts.append(Fact(_("Telefon"), telephone, href=f"tel:{''.join(telephone.split())}"))
        return tuple(facts)


def plan_course(plot: Mapping[str, Any]) -> PlanCourse:
    """How far the plot's plan has come."""
    state = plot["plan_state"]
    return PlanCourse(
        None if state is None else PlanningState(state),
        plot["adopted_on"],
        plot["legal_force_on"],
        plot["implementation_starts_on"],
        plot["implementation_ends_on"],
    )


def is_plain_mail(mail: str) -> bool:
    """Whether a mail address can stand in a link without saying more than the address."""
    return mail.count("@") == 1 and not set(mail) & set(" ?&#%<>\"'")
