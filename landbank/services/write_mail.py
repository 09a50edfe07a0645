"""Write letters and put them into the queue, each once: the weekly list, the end of a reservation, an import's result.

A letter is written in the transaction of what it tells; it is sent by a job, now or whenever mail is set up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol

from landbank.codelists import terms
from landbank.domain.codes import Availability, MailKind, NoticeKind, TodoKind
from landbank.domain.freshness import MaxAges
from landbank.domain.plot_name import PlotName
from landbank.mail import Composer, Letter, StopTokens
from landbank.services.list_todo import Ending, NoticeReader, Todo, list_todo
from landbank.services.list_todo import Store as TodoStore

SEND_JOB: Final = "send_mail"
NAMED: Final = 10
"""So many plots of each kind the weekly list names."""

NOTICE: Final = timedelta(days=14)
"""So long before the last day of a reservation its end is announced at the latest; a municipality's rules may have it
noticed earlier."""

LATE: Final = timedelta(days=30)
"""So long after a reservation ran out nobody is told any more."""


class Office(Protocol):
    """A contact that gets mail."""

    @property
    def contact_id(self) -> int: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def municipality_name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


class MailStore(Protocol):
    """Keeps letters."""

    def write(self, **letter: Any) -> int | None: ...
    def stewards(self) -> Sequence[Office]: ...
    def keepers_of(self, municipality_code: str) -> Sequence[Office]: ...


class JobQueue(Protocol):
    """Takes jobs."""

    def put(self, name: str, arguments: Mapping[str, Any] | None = None, *, once: bool = False) -> bool: ...


class Named(Protocol):
    """Tells how plots are named."""

    def named(self, plot_ids: Sequence[int]) -> Mapping[int, PlotName]: ...


class Notice(Protocol):
    """What somebody has to be told about a plot; `due_on` is the last day that it is about."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> NoticeKind: ...
    @property
    def plot_id(self) -> int: ...
    @property
    def due_on(self) -> date: ...


class Notices(NoticeReader, Protocol):
    """Reads notices."""

    def unsent(self) -> Sequence[Notice]: ...


class Outbox(Protocol):
    """Where letters go."""

    @property
    def mails(self) -> MailStore: ...
    @property
    def queue(self) -> JobQueue: ...


class Store(TodoStore, Outbox, Protocol):
    """One transaction."""

    @property
    def catalogue(self) -> Named: ...
    @property
    def notices(self) -> Notices: ...


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses for letters below the one that people use (without a slash at its end)."""

    base: str
    tokens: StopTokens

    def home(self, language: str) -> str:
        """The search page."""
        return self.base + ("/en" if language == "en" else "/")

    def plot(self, plot_id: int, language: str) -> str:
        """A plot's page."""
        return f"{self.base}{'/en/plot' if language == 'en' else '/tomt'}/{plot_id}"

    def choice(self, contact_id: int, language: str) -> str:
        """The page where an office stops its mail or chooses its language."""
        page = "/en/mailing" if language == "en" else "/utskick"
        return f"{self.base}{page}?t={self.tokens.token(contact_id)}"


IMPORT_COUNTS: Final = ("rows", "new", "changed", "unchanged", "refused", "missing")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a letter tells of an import. `key` names the import, so that its letter is written once."""

    key: str
    file: str
    dataset: str
    applied: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int
    missing: int = 0
    municipality_code: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """What writing letters needs besides the store."""

    composer: Composer
    links: Links

    def weekly(self, store: Store, *, day: date, ages: MaxAges) -> int:
        """Write this week's list to each steward's office that has something to do; how many letters.

        A week's list is written once an office, however often this is asked for.
        """
        written, todos = 0, dict[str, Todo]()
        year, week, _ = day.isocalendar()
        for office in store.mails.stewards():
            code = office.municipality_code
            if code not in todos:
                todos[code] = list_todo(store, code, day=day, ages=ages)
            if todos[code].count:
                values = self._weekly_values(store, office, todos[code])
                key = f"weekly:{office.contact_id}:{year}-W{week:02}"
                written += self._write(store, MailKind.WEEKLY, key, office, **values)
        return written

    def _weekly_values(self, store: Store, office: Office, todo: Todo) -> dict[str, Any]:
        language = office.language
        names = store.catalogue.named([one for line in todo.lines for one in line.plot_ids[:NAMED]])
        return {
            "count": todo.count,
            "day": todo.day.isoformat(),
            "lines": [
                {
                    "name": _todo_term(line.kind, language)[0],
                    "next_step": _todo_term(line.kind, language)[1],
                    "count": line.count,
                    "plots": [self._plot(one, names, language) for one in line.plot_ids[:NAMED]],
                    "more": max(line.count - NAMED, 0),
                }
                for line in todo.lines
                if line.count
            ],
            "home_url": self.links.home(language),
            "stop_url": self.links.choice(office.contact_id, language),
        }

    def expiring(self, store: Store, *, day: date) -> int:
        """Announce each reservation that ends within two weeks, once an office and last day; how many letters."""
        running = [one for one in store.endings.until(day + NOTICE) if one.until >= day]
        names = store.catalogue.named([one.plot_id for one in running])
        return sum(self._ending(store, names[one.plot_id], one) for one in running)

    def noticed(self, store: Store, *, day: date) -> tuple[int, ...]:
        """Write what the notices are about that nobody was sent yet; the ids of those that are dealt with.

        One whose reservation was extended or ended otherwise is dealt with without a letter, one that nobody gets mail
        about waits.
        """
        unsent = store.notices.unsent()
        running = {(one.plot_id, one.until): one for one in store.endings.until(date.max)}
        names = store.catalogue.named([one.plot_id for one in unsent])
        told = []
        for one in unsent:
            name, ending = names.get(one.plot_id), running.get((one.plot_id, one.due_on))
            is_over = one.kind is NoticeKind.TERM_EXPIRED
            is_late = day > (one.due_on + LATE if is_over else one.due_on)
            if name is None or is_late or (ending is None and not is_over):
                told.append(one.id)
            elif store.mails.keepers_of(name.municipality_code):
                self._over(store, name, one) if ending is None else self._ending(store, name, ending)
                told.append(one.id)
        return tuple(told)

    def _ending(self, store: Store, name: PlotName, ending: Ending) -> int:
        """Announce the last day of a reservation to each office, once; how many letters."""
        key, until = f"{ending.plot_id}:{ending.until.isoformat()}", ending.until.isoformat()
        return sum(
            self._write(
                store, MailKind.EXPIRING, f"expiring:{office.contact_id}:{key}", office,
                state=terms("availability")[ending.availability].label(office.language),
                until=until,
                plot=self._plot(ending.plot_id, {ending.plot_id: name}, office.language),
                reference=name.reference,
                is_over=False,
            )
            for office in store.mails.keepers_of(name.municipality_code)
        )  # fmt: skip

    def _over(self, store: Store, name: PlotName, notice: Notice) -> int:
        """Tell each office once that a reservation ran out and the plot is free again; how many letters."""
        key, until = f"{notice.plot_id}:{notice.due_on.isoformat()}", notice.due_on.isoformat()
        return sum(
            self._write(
                store, MailKind.EXPIRING, f"expired:{office.contact_id}:{key}", office,
                state=terms("availability")[Availability.LEDIG].label(office.language),
                until=until,
                plot=self._plot(notice.plot_id, {notice.plot_id: name}, office.language),
                reference=name.reference,
                is_over=True,
            )
            for office in store.mails.keepers_of(name.municipality_code)
        )  # fmt: skip

    def import_result(self, store: Outbox, result: ImportResult, *, recipient: str, language: str) -> bool:
        """Tell somebody how an import went, once an import; whether a letter was written."""
        counts = {name: getattr(result, name) for name in IMPORT_COUNTS}
        letter = self.composer.letter(
            MailKind.IMPORT_RESULT,
            language,
            file=result.file,
            dataset=result.dataset,
            applied=result.applied,
            url=result.url,
            **counts,
        )
        key = f"import:{result.key}:{_digest(recipient)}"
        return self._keep(
            store, MailKind.IMPORT_RESULT, key, letter,
            recipient=recipient, language=language, municipality_code=result.municipality_code,
        )  # fmt: skip

    def _plot(self, plot_id: int, names: Mapping[int, PlotName], language: str) -> dict[str, str]:
        known = names.get(plot_id)
        name = (known.name or known.reference) if known else str(plot_id)
        return {"name": name, "url": self.links.plot(plot_id, language)}

    def _write(self, store: Outbox, kind: MailKind, key: str, office: Office, **values: Any) -> bool:
        letter = self.composer.letter(
            kind,
            office.language,
            office=office.title,
            municipality=office.municipality_name,
            **values,
        )
        return self._keep(
            store, kind, key, letter,
            recipient=office.email, language=office.language, municipality_code=office.municipality_code,
            stop_url=values.get("stop_url"),
        )  # fmt: skip

    def _keep(
        self,
        store: Outbox,
        kind: MailKind,
        key: str,
        letter: Letter,
        *,
        recipient: str,
        language: str,
        municipality_code: str | None = None,
        stop_url: str | None = None,
    ) -> bool:
        """Keep the letter and put its sending into the queue, both or neither; False where it was written before."""
        mail_id = store.mails.write(
            key=key,
            kind=str(kind),
            language=language,
            municipality_code=municipality_code,
            recipient=recipient,
            subject=letter.subject,
            body_text=letter.text,
            body_html=letter.html,
            stop_url=stop_url,
        )
        return mail_id is not None and put_sending(store.queue, mail_id)


def put_sending(queue: JobQueue, mail_id: int) -> bool:
    """Put the sending of a letter into the queue, unless it is there already."""
    return queue.put(SEND_JOB, {"mail_id": mail_id}, once=True)


def _todo_term(kind: TodoKind, language: str) -> tuple[str, str]:
    """Name and next step of a kind of work."""
    term = terms("todo_kind")[kind]
    return term.label(language), term.definition(language)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
