import pytest

from deskhand.accounts.actions.teams import create_team
from deskhand.events.models import Event
from deskhand.mail.actions.mailboxes import (
    AddressOfPerson,
    AddressTaken,
    AliasTaken,
    MailboxFields,
    add_mailbox,
    change_mailbox,
)
from deskhand.mail.addresses import own_addresses
from deskhand.mail.models import Mailbox, OutboundMail, Verdict
from deskhand.tickets.models import Category
from tests.cast import Cast, act_by
from tests.mail.post_office import PostOffice, mail


def test_mail_to_an_alias_belongs_to_the_mailbox_with_its_team_and_category(post: PostOffice, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    team, category = create_team(name="Sales", act=act), Category.objects.earliest("id")
    fields = MailboxFields("Sales", "Sales@desk.example", ("hello@desk.example",), team, category)
    box = add_mailbox(fields, act=act)
    row = post.deliver(mail(to="hello@desk.example"), envelope_to=("hello@desk.example",))
    assert (row.mailbox, row.verdict) == (box, Verdict.TICKET_OPENED)
    assert row.ticket is not None
    assert (row.ticket.team, row.ticket.category, row.ticket.mailbox_id) == (team, category, box.pk)
    assert {"sales@desk.example", "hello@desk.example"} <= own_addresses()


def test_the_signature_stands_below_replies_sent_from_the_mailbox(post: PostOffice, cast: Cast) -> None:
    signature = "Yours,\n<Support> & friends"
    fields = MailboxFields("Support", post.mailbox.address, signature=signature)
    change_mailbox(mailbox_id=post.mailbox.pk, fields=fields, act=act_by(cast.ada.user))
    ticket = post.deliver(mail()).ticket
    assert ticket is not None
    cast.staff_reply(ticket, "Try again.")
    sent = OutboundMail.objects.get(kind="reply")
    assert f"Try again.\n\n{signature}\n" in sent.text
    assert "Yours,<br>&lt;Support&gt; &amp; friends" in sent.html


def test_refuses_addresses_that_belong_to_someone(mailbox: Mailbox, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    add_mailbox(MailboxFields("Sales", "sales@desk.example", ("hello@desk.example",)), act=act)
    for address in ("support@desk.example", "SALES@desk.example", "hello@desk.example"):
        with pytest.raises(AddressTaken):
            add_mailbox(MailboxFields("Other", address), act=act)
        with pytest.raises(AliasTaken):
            add_mailbox(MailboxFields("Other", "other@desk.example", (address,)), act=act)
    with pytest.raises(AddressOfPerson):
        add_mailbox(MailboxFields("Other", "cleo@acme.example"), act=act)
    assert Mailbox.objects.count() == 2


def test_records_what_changed_and_nothing_where_nothing_did(mailbox: Mailbox, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    change_mailbox(mailbox_id=mailbox.pk, fields=MailboxFields("Support", mailbox.address), act=act)
    assert not Event.objects.filter(kind="mailbox.changed").exists()
    change_mailbox(mailbox_id=mailbox.pk, fields=MailboxFields("Help", mailbox.address, ("x@desk.example",)), act=act)
    change_mailbox(mailbox_id=mailbox.pk, fields=MailboxFields("Help", mailbox.address), act=act)
    first, second = Event.objects.filter(kind="mailbox.changed").order_by("id")
    assert first.data["changes"] == {"name": ["Support", "Help"], "aliases": [[], ["x@desk.example"]]}
    assert second.data["changes"] == {"aliases": [["x@desk.example"], []]}
