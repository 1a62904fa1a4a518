"""Who is in copy of a client's mail joins only by the setting, and only as a colleague of someone on the ticket."""

import pytest
from django.test import override_settings

from deskhand.accounts.models import User
from deskhand.clients.models import Contact
from deskhand.mail.actions.quarantine import release_mail
from deskhand.mail.addresses import reply_address
from deskhand.mail.models import MailSettings, Verdict
from deskhand.tickets.models import Ticket
from tests.cast import Cast, act_by
from tests.mail.post_office import PostOffice, mail

EVERYONE = (
    "dev@acme.example, Nia New <nia@acme.example>, eve@other.example, ben@desk.example, who@nowhere.example, "
    "support@desk.example"
)


@pytest.fixture
def joining(post: PostOffice) -> None:
    """Switch the setting on."""
    MailSettings.objects.update(copies_join=True)


def participants(ticket: Ticket) -> list[str]:
    return sorted(one.contact.email for one in ticket.participants.select_related("contact__user"))


def test_nobody_joins_unless_the_setting_says_so(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(cc=EVERYONE))
    assert row.ticket is not None
    assert participants(row.ticket) == []
    assert not Contact.objects.filter(user__email="nia@acme.example").exists()


@pytest.mark.usefixtures("joining")
def test_colleagues_join_and_nobody_else(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(cc=EVERYONE))
    assert row.ticket is not None
    assert participants(row.ticket) == ["dev@acme.example", "nia@acme.example"]
    assert not Contact.objects.filter(user__email="who@nowhere.example").exists()


@pytest.mark.usefixtures("joining")
def test_colleagues_join_by_an_answer_too(post: PostOffice, cast: Cast) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail(to=f"{reply_address(ticket.number)}, dev@acme.example", cc=reply_address(7)))
    assert row.verdict == Verdict.ENTRY_ADDED
    assert participants(ticket) == ["dev@acme.example"]


@pytest.mark.usefixtures("joining")
def test_a_colleague_whose_account_is_switched_off_does_not_join(post: PostOffice, cast: Cast) -> None:
    User.objects.filter(pk=cast.dev.user_id).update(is_active=False)
    row = post.deliver(mail(cc="dev@acme.example"))
    assert row.ticket is not None
    assert participants(row.ticket) == []


@pytest.mark.usefixtures("joining")
@pytest.mark.parametrize("sender", ["eve@other.example", "who@nowhere.example", "cleo@acme.example, eve@other.example"])
def test_a_stranger_brings_nobody(post: PostOffice, cast: Cast, sender: str) -> None:
    ticket = cast.ticket()
    row = post.deliver(mail(sender=sender, to=reply_address(ticket.number), cc=EVERYONE))
    assert row.verdict == Verdict.HELD
    assert participants(ticket) == []


@pytest.mark.usefixtures("joining")
@override_settings(MAIL_AUTHSERV_IDS=["mx.desk.example"])
def test_a_forged_client_brings_nobody_even_when_let_in(post: PostOffice, cast: Cast) -> None:
    refuted = "mx.desk.example; dmarc=fail header.from=acme.example"
    row = post.deliver(mail(cc=EVERYONE, authentication_results=refuted))
    ticket = release_mail(mail_id=row.pk, act=act_by(cast.ada.user))
    assert ticket is not None
    assert participants(ticket) == []


@pytest.mark.usefixtures("joining")
def test_who_belongs_to_no_client_brings_nobody(post: PostOffice, cast: Cast) -> None:
    row = post.deliver(mail(sender="who@nowhere.example", cc="whom@nowhere.example, dev@acme.example"))
    assert row.ticket is not None
    assert participants(row.ticket) == []
