"""What is written out in SQL does what the models would."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from deskhand.accounts.models import User
from deskhand.core.remembering import remembering
from deskhand.mail.actions.spam import list_sender
from deskhand.mail.models import InboundMail, KnownMessageId, Mailbox, MailboxAlias, Seen, Verdict
from deskhand.mail.queries.senders import foresee, listing_for, person_of
from deskhand.mail.statements import (
    claim_untried,
    insert_first,
    lock_mails,
    mailbox_for,
    remember_message_ids,
    write_verdicts,
)
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail


def test_a_locked_mail_is_the_row_whole(post: PostOffice) -> None:
    row = post.deliver(mail(), envelope_to=("support@desk.example", "b@desk.example"))
    with transaction.atomic():
        (locked,) = lock_mails([row.pk])
    names = {field.attname for field in InboundMail._meta.concrete_fields} - {"words", "raw"}
    whole = InboundMail.objects.get(pk=row.pk)
    assert {name: getattr(locked, name) for name in names} == {name: getattr(whole, name) for name in names}
    assert names <= set(locked.__dict__)
    assert "raw" not in locked.__dict__


def test_mails_are_locked_in_the_order_of_their_ids_and_those_that_are_gone_left_out(post: PostOffice) -> None:
    ids = [post.deliver(mail(f"Mail {n}.")).pk for n in range(3)]
    with transaction.atomic():
        assert [one.pk for one in lock_mails([ids[2], ids[0], ids[2] + 1, ids[1]])] == ids


def test_a_claim_takes_the_oldest_of_a_lane_that_nobody_tried_and_counts_the_try(post: PostOffice) -> None:
    rows = [post.deliver(mail(f"Mail {n}.")) for n in range(5)]
    InboundMail.objects.update(lane=3, verdict=Verdict.PENDING, processed_at=None, attempts=0)
    InboundMail.objects.filter(pk=rows[0].pk).update(received_at=NOON + timedelta(days=1))
    InboundMail.objects.filter(pk=rows[1].pk).update(attempts=1)
    InboundMail.objects.filter(pk=rows[2].pk).update(lane=4)
    claimed = claim_untried(3, limit=2)
    assert [one.id for one in claimed] == [rows[3].pk, rows[4].pk]
    assert [one.size_bytes for one in claimed] == [one.size_bytes for one in rows[3:]]
    assert [one.id for one in claim_untried(3, limit=2)] == [rows[0].pk]
    assert claim_untried(3, limit=2) == []


def test_what_was_stored_before_is_not_written_again(post: PostOffice) -> None:
    row = InboundMail.objects.get(pk=post.deliver(mail()).pk)
    row.pk = None
    assert not insert_first(row, [])
    assert not row.pk
    row.content_hash = "0" * 64
    assert insert_first(row, [])
    stored = InboundMail.objects.get(pk=row.pk)
    assert (stored.verdict, stored.attempts, stored.subject) == (Verdict.PENDING, 0, "Checkout")


def test_a_mail_gets_the_mailbox_its_addresses_name_or_the_one_it_came_through(post: PostOffice) -> None:
    row = InboundMail.objects.get(pk=post.deliver(mail()).pk)
    support = Mailbox.objects.get()
    other = Mailbox.objects.create(name="Sales", address="sales@desk.example", created_at=NOON)
    for addresses, box in (([support.address], support), (["x@else.example"], other), ([], other)):
        row.pk, row.content_hash, row.mailbox = None, f"{addresses}", other
        assert insert_first(row, addresses)
        assert InboundMail.objects.get(pk=row.pk).mailbox_id == row.mailbox_id == box.pk


def test_a_verdict_is_written_with_all_that_belongs_to_it(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail())
    row.verdict, row.reason, row.ticket, row.entry = Verdict.BOUNCE, "It says 'no'.", cast.ticket(), None
    other = post.deliver(mail("Another."))
    write_verdicts([row, other], at=NOON + timedelta(days=1))
    stored = InboundMail.objects.get(pk=row.pk)
    assert (stored.verdict, stored.reason, stored.ticket_id) == (Verdict.BOUNCE, "It says 'no'.", row.ticket_id)
    assert (stored.entry_id, stored.processed_at) == (None, NOON + timedelta(days=1))
    unchanged = InboundMail.objects.get(pk=other.pk)
    assert (unchanged.verdict, unchanged.reason) == (other.verdict, other.reason)
    assert (unchanged.ticket_id, unchanged.entry_id) == (other.ticket_id, other.entry_id)


def test_ids_of_a_ticket_stay_as_they_were_first_seen(cast: Cast) -> None:
    ticket = cast.ticket()
    remember_message_ids([("<a@x>", Seen.RECEIVED), ("<b@x>", Seen.REFERENCED)], ticket_id=ticket.pk, at=NOON)
    remember_message_ids([("<b@x>", Seen.RECEIVED)], ticket_id=ticket.pk, at=NOON)
    remember_message_ids([], ticket_id=ticket.pk, at=NOON)
    known = KnownMessageId.objects.filter(ticket=ticket).values_list("message_id", "seen")
    assert dict(known) == {"<a@x>": Seen.RECEIVED, "<b@x>": Seen.REFERENCED}


@pytest.mark.django_db
def test_the_first_address_of_a_mailbox_that_is_on_counts_and_its_own_before_an_alias() -> None:
    support = Mailbox.objects.create(name="Support", address="support@desk.example", created_at=NOON)
    sales = Mailbox.objects.create(name="Sales", address="sales@desk.example", created_at=NOON)
    MailboxAlias.objects.create(mailbox=support, address="help@desk.example")
    MailboxAlias.objects.create(mailbox=support, address="sales@desk.example")
    assert mailbox_for(["x@else.example", "help@desk.example", "sales@desk.example"]) == support.pk
    assert mailbox_for(["sales@desk.example", "help@desk.example"]) == sales.pk
    assert mailbox_for(["x@else.example"]) is None
    assert mailbox_for([]) is None
    Mailbox.objects.filter(pk=sales.pk).update(is_enabled=False)
    assert mailbox_for(["sales@desk.example", "x@else.example"]) == support.pk
    MailboxAlias.objects.filter(address="sales@desk.example").delete()
    assert mailbox_for(["sales@desk.example", "help@desk.example"]) == support.pk
    assert mailbox_for(["sales@desk.example"]) == sales.pk


def test_foresees_people_and_who_is_not_refused(cast: Cast, django_assert_num_queries: Any) -> None:
    EmailAddress.objects.create(user=cast.cleo.user, email="cleo@home.example", verified=True)
    list_sender(value="bad.example", act=act_by(cast.ada.user))
    with remembering():
        foresee(["cleo@home.example", cast.ben.user.email, "who@bad.example", "new@else.example", ""])
        with django_assert_num_queries(0):
            assert person_of("cleo@home.example") == cast.cleo.user
            assert person_of(cast.ben.user.email).agent == cast.ben  # type: ignore[union-attr]
            assert listing_for("cleo@home.example") is None
        listing = listing_for("who@bad.example")
        assert listing is not None
        assert listing.value == "bad.example"
        assert person_of("new@else.example") is None


@pytest.mark.parametrize("address", ["CLEO@acme.example", "Cleo@Home.example"])
def test_finds_people_by_every_address_whatever_its_case(cast: Cast, address: str) -> None:
    EmailAddress.objects.create(user=cast.cleo.user, email="cleo@home.example")
    assert User.objects.with_address(address).get() == cast.cleo.user
