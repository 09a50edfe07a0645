"""Letters: what is written to whom, once; how they go out; what becomes of them when something goes wrong."""

from __future__ import annotations

import socket
import ssl
import subprocess
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from landbank.codelists.fields import load_fields
from landbank.domain.codes import MailKind, MailState, TodoKind
from landbank.jobs import Workplace, work
from landbank.mail import Envelope, MailRefused, Outcome, StopTokens, hand_over
from landbank.services.check_plots import check_changes
from landbank.services.list_todo import list_todo
from landbank.services.send_mail import send_mail
from landbank.services.write_mail import ImportResult

Mailbox = Any

ADDRESSES = ("mark@goteborg.example", "salj@goteborg.example", "expl@lerum.example")


def body(letter: EmailMessage, kind: str = "plain") -> str:
    """The text of a letter in one of its two forms."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def states(place: Workplace) -> list[tuple[Any, ...]]:
    """Kind, state, attempts and last error of all letters."""
    with place.landbank.reading() as store:
        rows = store.connection.execute(
            text("SELECT kind, state, attempts, last_error FROM landbank.mail ORDER BY id")
        )
        return [tuple(row) for row in rows]


def waiting(place: Workplace) -> list[int]:
    """Ids of the letters that wait."""
    with place.landbank.reading() as store:
        return store.mails.waiting()


def send_all(place: Workplace) -> None:
    """Send what waits."""
    for mail_id in waiting(place):
        work.send_letter(place, mail_id)


def a_letter(place: Workplace, key: str = "one", recipient: str = ADDRESSES[0]) -> int:
    """A short letter in the store; its id."""
    with place.upkeep() as store:
        mail_id = store.mails.write(
            key=key, kind="weekly", language="sv", recipient=recipient, subject="Ämne", body_text="Hej\n.punkt\n",
            body_html="<p>Hej</p>", stop_url="https://mark.example.org/utskick?t=x",
        )  # fmt: skip
    assert mail_id is not None
    return mail_id


def test_weekly_list_goes_to_real_stewards_with_something_to_do_once_a_week(
    place: Workplace, mailbox: Mailbox
) -> None:
    check_changes(place.upkeep)

    work.write_weekly_lists(place)
    work.write_weekly_lists(place)
    send_all(place)

    [letter] = mailbox.letters
    assert letter["To"] == "mark@goteborg.example"
    assert str(letter["Subject"]) == "Göteborg: 2 att göra i landbank"
    assert letter["From"] == "landbank <landbank@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    told = body(letter)
    assert "Går ut snart: 1" in told
    assert "- Hamn <b>1</b>: https://mark.example.org/tomt/1" in told
    assert "Uppgifter saknas: 1" in told
    assert "Överlappar" not in told
    assert "Hamn &lt;b&gt;1&lt;/b&gt;" in body(letter, "html")


def test_stop_link_is_in_letter_and_header_and_names_the_office(place: Workplace, mailbox: Mailbox) -> None:
    check_changes(place.upkeep)
    work.write_weekly_lists(place)
    send_all(place)

    [letter] = mailbox.letters
    link = str(letter["List-Unsubscribe"]).strip(" <>")
    assert link in body(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert StopTokens(b"k" * 32).contact_of(link.partition("?t=")[2]) == 1
    assert "goteborg.example" not in link


def test_stopped_list_is_not_written_and_a_chosen_language_is_used(
    place: Workplace, mailbox: Mailbox
) -> None:
    check_changes(place.upkeep)
    with place.upkeep() as store:
        store.mails.choose(1, language="en", weekly_stopped_on=date(2026, 1, 1))
    work.write_weekly_lists(place)
    assert waiting(place) == []

    with place.upkeep() as store:
        store.mails.choose(1, language="en", weekly_stopped_on=None)
    work.write_weekly_lists(place)
    send_all(place)

    [letter] = mailbox.letters
    assert str(letter["Subject"]) == "Göteborg: 2 to do in landbank"
    assert letter["Content-Language"] == "en"
    assert "/en/plot/1" in body(letter)


def test_reservation_that_ran_out_is_told_once_by_mail_and_waits_on_the_list(
    place: Workplace, mailbox: Mailbox
) -> None:
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date - 1"))

    for _ in range(2):
        work.expire_terms(place)
        work.announce_endings(place)
    send_all(place)

    assert [str(letter["Subject"]) for letter in mailbox.letters] == ["Ledig igen: Hamn <b>1</b>, Göteborg"]
    assert mailbox.letters[0]["To"] == "mark@goteborg.example"
    assert "löpte ut" in body(mailbox.letters[0])
    with place.landbank.reading() as store:
        assert store.notices.unsent() == []
        assert store.notices.freed("1480") == [1]
        day = store.standing.inventory().today
        todo = list_todo(store, "1480", day=day, ages=load_fields().max_ages)
        assert todo.line(TodoKind.FREED).plot_ids == (1,)


def test_plot_that_time_made_free_leaves_the_list_once_somebody_confirms_it(place: Workplace) -> None:
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date - 1"))
    work.expire_terms(place)
    with place.landbank.changing(actor="test") as store:
        assert store.plot_changes.touch(1)
    with place.landbank.reading() as store:
        assert store.notices.freed("1480") == []


def test_term_that_was_noticed_is_announced_before_the_last_two_weeks(
    place: Workplace, mailbox: Mailbox
) -> None:
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date + 20"))
    work.expire_terms(place)
    work.announce_endings(place)
    send_all(place)

    assert len(mailbox.letters) == 1
    with place.landbank.reading() as store:
        assert store.notices.unsent() == []


def test_notice_of_a_reservation_that_was_extended_is_dealt_with_without_a_letter(place: Workplace) -> None:
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date + 20"))
    work.expire_terms(place)
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date + 200"))
    work.announce_endings(place)

    assert waiting(place) == []
    with place.landbank.reading() as store:
        assert store.notices.unsent() == []


def test_end_of_a_reservation_is_announced_once_for_each_last_day(place: Workplace, mailbox: Mailbox) -> None:
    work.announce_endings(place)
    work.announce_endings(place)
    send_all(place)
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date + 12"))
    work.announce_endings(place)
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability_until = current_date + 15"))
    work.announce_endings(place)  # not yet within two weeks
    send_all(place)

    first, second = mailbox.letters
    assert first["To"] == second["To"] == "mark@goteborg.example"
    with place.landbank.reading() as store:
        today = store.standing.inventory().today
    assert str(first["Subject"]) == f"Reserverad till {today + timedelta(days=10)}: Hamn <b>1</b>, Göteborg"
    assert f"reserverad till och med {today + timedelta(days=12)}" in body(second)


def test_result_of_an_import_is_told_once_to_whoever_made_it(place: Workplace, mailbox: Mailbox) -> None:
    result = ImportResult(
        key="r17",
        file="tomter.gpkg",
        dataset="tomter",
        applied=True,
        rows=5,
        new=2,
        changed=1,
        unchanged=1,
        refused=1,
    )
    with place.upkeep() as store:
        first = place.writer.import_result(store, result, recipient=ADDRESSES[0], language="sv")
        second = place.writer.import_result(store, result, recipient=ADDRESSES[0], language="sv")
    send_all(place)

    assert (first, second) == (True, False)
    [letter] = mailbox.letters
    assert str(letter["Subject"]) == "Import av tomter.gpkg: 2 nya, 1 ändrade, 1 avvisade"
    assert "provkörning" not in body(letter)


def test_letter_and_its_job_are_written_in_one_transaction(place: Workplace) -> None:
    check_changes(place.upkeep)

    def interrupted() -> None:
        with place.upkeep() as store:
            day = store.standing.inventory().today
            assert place.writer.weekly(store, day=day, ages=load_fields().max_ages) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()

    with place.landbank.reading() as store:
        assert store.mails.counts() == {}
        assert store.queue.standing() == []


def test_header_cannot_be_broken_by_what_the_inventory_says(place: Workplace, mailbox: Mailbox) -> None:
    with place.landbank.changing(actor="test") as store:
        store.connection.execute(
            text(r"UPDATE landbank.plot SET name = E'Tomt\r\nBcc: victim@example.org\r\n\r\nGe oss pengar'")
        )
    work.announce_endings(place)
    send_all(place)

    [letter] = mailbox.letters
    assert letter["Bcc"] is None
    assert "Tomt Bcc: victim@example.org Ge oss pengar" in str(letter["Subject"])


@pytest.mark.parametrize(
    "recipient", ["a@b.example\r\nBcc: c@d.example", "a@b@c", "å@b.example", "", "a b@c.example"]
)
def test_what_is_no_address_is_refused_for_good(place: Workplace, mailbox: Mailbox, recipient: str) -> None:
    mail_id = a_letter(place, recipient=recipient)

    assert work.send_letter(place, mail_id) is MailState.FAILED
    assert mailbox.letters == []


def test_line_with_a_single_dot_does_not_end_the_letter(place: Workplace, mailbox: Mailbox) -> None:
    letter = Envelope("k", ADDRESSES[0], "Ämne", "före\n.\nefter\n", "<p>x</p>", "sv", datetime.now(UTC))

    assert hand_over(mailbox.server(), letter, lambda: True) is Outcome.SENT
    assert body(mailbox.letters[0]) == "före\n.\nefter\n"


def test_server_that_is_away_leaves_the_letter_waiting(place: Workplace, mailbox: Mailbox) -> None:
    mail_id = a_letter(place)
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = mailbox.server(port=free.getsockname()[1])

    with pytest.raises(MailRefused, match=r"can't be reached .*ConnectionRefusedError"):
        send_mail(place.upkeep, mail_id, away)

    assert states(place)[0][:3] == ("weekly", "waiting", 1)


@pytest.mark.parametrize(
    ("reply", "state"),
    [("451 later mark@goteborg.example", "waiting"), ("550 no such mark@goteborg.example", "failed")],
)
def test_refusal_is_kept_without_the_address_that_the_server_quotes(
    place: Workplace, mailbox: Mailbox, reply: str, state: str
) -> None:
    mailbox.handler.on_reader = lambda _address: reply
    mail_id = a_letter(place)

    if state == "failed":
        assert work.send_letter(place, mail_id) is MailState.FAILED
    else:
        with pytest.raises(MailRefused) as refusal:
            work.send_letter(place, mail_id)
        told = "".join(traceback.format_exception(refusal.value))
        assert "goteborg.example" not in told

    [(_, found, attempts, error)] = states(place)
    assert (found, attempts) == (state, 1)
    assert error == f"The mail server refuses the reader with code {reply[:3]}."


def test_wrong_password_is_the_operators_fault_and_not_the_letters(
    place: Workplace, mailbox: Mailbox
) -> None:
    mail_id = a_letter(place)
    server = mailbox.server(user="landbank", password="wrong")  # the server offers no sign-in at all

    with pytest.raises(MailRefused):
        send_mail(place.upkeep, mail_id, server)

    assert states(place)[0][1] == "waiting"


def test_mail_that_is_off_keeps_letters_until_it_is_on(
    place: Workplace, mailbox: Mailbox, writer: Any
) -> None:
    off = Workplace(place.landbank, None, writer)
    mail_id = a_letter(place)

    assert work.send_letter(off, mail_id) is MailState.WAITING
    assert waiting(place) == [mail_id]
    assert work.send_letter(place, mail_id) is MailState.SENT
    assert len(mailbox.letters) == 1


def test_letter_is_sent_once_however_often_it_is_asked_for(place: Workplace, mailbox: Mailbox) -> None:
    mail_id = a_letter(place)

    assert work.send_letter(place, mail_id) is MailState.SENT
    assert work.send_letter(place, mail_id) is MailState.DROPPED
    assert len(mailbox.letters) == 1
    assert states(place)[0][1] == "sent"


def test_attempt_that_was_overtaken_hands_nothing_over(place: Workplace, mailbox: Mailbox) -> None:
    """A worker that was thought dead wakes up in the middle of its letter."""
    mail_id = a_letter(place)
    with place.upkeep() as store:
        slow = store.mails.claim(mail_id)
    assert slow is not None

    assert work.send_letter(place, mail_id) is MailState.SENT
    with place.upkeep() as store:
        assert store.mails.may_end(mail_id, slow.attempt) is False
    assert len(mailbox.letters) == 1


def test_two_attempts_at_once_hand_one_letter_over(place: Workplace, mailbox: Mailbox) -> None:
    mail_id = a_letter(place)
    inner: list[MailState] = []

    def meanwhile(_address: str) -> None:
        mailbox.handler.on_reader = lambda _address: None
        inner.append(MailState.WAITING)
        with place.upkeep() as store:
            store.mails.claim(mail_id)

    mailbox.handler.on_reader = meanwhile  # type: ignore[assignment]

    assert work.send_letter(place, mail_id) is MailState.DROPPED
    assert (inner, mailbox.letters) == ([MailState.WAITING], [])
    assert work.send_letter(place, mail_id) is MailState.SENT
    assert len(mailbox.letters) == 1


def test_letter_whose_end_nobody_saw_is_uncertain_and_sent_again_only_when_told(
    place: Workplace, mailbox: Mailbox
) -> None:
    mail_id = a_letter(place)
    with place.upkeep() as store:
        claim = store.mails.claim(mail_id)
        assert claim is not None
        assert store.mails.may_end(mail_id, claim.attempt)

    assert work.send_letter(place, mail_id) is MailState.DROPPED
    assert states(place)[0][1] == "uncertain"
    assert mailbox.letters == []

    with place.upkeep() as store:
        assert store.mails.send_again(mail_id)
    assert work.send_letter(place, mail_id) is MailState.SENT


def test_message_id_is_the_same_at_each_attempt(place: Workplace, mailbox: Mailbox) -> None:
    mail_id = a_letter(place)
    seen: list[str] = []
    mailbox.handler.on_data = lambda: "451 later"
    for _ in range(2):
        with pytest.raises(MailRefused):
            work.send_letter(place, mail_id)
    mailbox.handler.on_data = lambda: None
    work.send_letter(place, mail_id)
    seen.append(str(mailbox.letters[0]["Message-ID"]))
    with place.upkeep() as store:
        store.connection.execute(text("UPDATE landbank.mail SET state = 'waiting', handed_over_at = NULL"))
    work.send_letter(place, mail_id)

    assert seen == [str(mailbox.letters[1]["Message-ID"])]
    assert seen[0].startswith(f"<landbank.{mail_id}.")
    assert seen[0].endswith("@example.org>")


def test_weekly_list_that_waited_too_long_is_dropped(place: Workplace) -> None:
    a_letter(place)
    with place.upkeep() as store:
        store.connection.execute(text("UPDATE landbank.mail SET created_at = now() - interval '7 days'"))

    work.write_weekly_lists(place)

    assert states(place)[0][:2] == ("weekly", "dropped")


def test_closed_letters_are_emptied_after_90_days(place: Workplace) -> None:
    old, new, open_one = a_letter(place, "old"), a_letter(place, "new"), a_letter(place, "open")
    with place.upkeep() as store:
        for mail_id, days in ((old, 91), (new, 89)):
            store.connection.execute(
                text("UPDATE landbank.mail SET state = 'sent', closed_at = :at WHERE id = :id"),
                {"id": mail_id, "at": datetime.now(UTC) - timedelta(days=days)},
            )

    work.forget_the_old(place)

    with place.landbank.reading() as store:
        kept = store.connection.execute(
            text("SELECT key, recipient IS NOT NULL, body_text IS NOT NULL FROM landbank.mail ORDER BY id")
        ).all()
    assert [tuple(row) for row in kept] == [("old", False, False), ("new", True, True), ("open", True, True)]
    assert open_one in waiting(place)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost with its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_starttls_is_used_and_a_foreign_certificate_refused(
    place: Workplace, certificate: Path, mailboxes: Callable[..., Mailbox], trusted: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    box = mailboxes(tls_context=context, require_starttls=True)
    box.controller.start()
    trust = ssl.create_default_context(cafile=str(certificate)) if trusted else None
    server = box.server(host="localhost", security="starttls", tls=trust)
    mail_id = a_letter(place)
    try:
        if trusted:
            assert send_mail(place.upkeep, mail_id, server) is MailState.SENT
        else:
            with pytest.raises(MailRefused, match="SSLCertVerificationError"):
                send_mail(place.upkeep, mail_id, server)
        assert len(box.letters) == trusted
    finally:
        box.controller.stop()


@pytest.mark.parametrize("token", ["", "x", "MQ.AAAA", "MQ", "MQ.", ".", "MQ.x.y", "å.ä", "M" * 1000])
def test_forged_stop_links_are_refused(token: str) -> None:
    from landbank.errors import NotFound

    with pytest.raises(NotFound):
        StopTokens(b"k" * 32).contact_of(token)


def test_stop_link_of_one_key_is_none_of_another() -> None:
    from landbank.errors import NotFound

    token = StopTokens(b"k" * 32).token(12)

    assert StopTokens(b"k" * 32).contact_of(token) == 12
    with pytest.raises(NotFound):
        StopTokens(b"j" * 32).contact_of(token)
    with pytest.raises(ValueError, match="32 bytes"):
        StopTokens(b"short")


@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_has_its_four_templates(kind: MailKind) -> None:
    from landbank.mail.compose import FOLDER

    assert all(
        (FOLDER / f"{kind}.{language}.{form}").is_file()
        for language in ("sv", "en")
        for form in ("txt", "html")
    )


def test_nothing_of_a_letter_shows_in_its_representation(
    place: Workplace, until: Callable[..., None]
) -> None:
    mail_id = a_letter(place)
    with place.upkeep() as store:
        claim = store.mails.claim(mail_id)

    assert "goteborg.example" not in repr(claim)
