import pytest

from deskhand.clients.actions.people import create_client, create_contact
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from deskhand.mail.actions.spam import ListingHurts, ListingNotValid, list_sender, unlist_sender
from deskhand.mail.models import InboundMail, SpamListing, Verdict
from deskhand.tickets.actions.status import first_status_of, set_status
from deskhand.tickets.models import Kind, Ticket
from tests.cast import NOON, Cast, act_by
from tests.mail.post_office import PostOffice, mail


def mark(cast: Cast, ticket: Ticket | None, kind: Kind) -> None:
    assert ticket is not None
    set_status(ticket_id=ticket.pk, status=first_status_of(kind), act=act_by(cast.ben.user))


def listed() -> list[str]:
    return sorted(SpamListing.objects.values_list("value", flat=True))


def test_marking_a_ticket_as_spam_refuses_the_sender_from_then_on(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail(sender="Win <win@prizes.example>", subject="You won"))
    mark(cast, first.ticket, Kind.SPAM)
    assert listed() == ["win@prizes.example"]
    row = post.deliver(mail(sender="WIN@prizes.example", subject="You won again"))
    assert (row.verdict, row.ticket, row.reason) == (Verdict.REJECTED, None, "win@prizes.example is on the spam list.")
    assert Ticket.objects.count() == 1


def test_refuses_also_what_answers_a_ticket(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail(sender="win@prizes.example"))
    mark(cast, first.ticket, Kind.SPAM)
    row = post.deliver(mail(sender="win@prizes.example", in_reply_to=first.message_id))
    assert row.verdict == Verdict.REJECTED


def test_moving_off_spam_takes_the_sender_off(post: PostOffice, cast: Cast) -> None:
    first = post.deliver(mail(sender="win@prizes.example"))
    mark(cast, first.ticket, Kind.SPAM)
    mark(cast, first.ticket, Kind.OPEN)
    assert listed() == []
    assert post.deliver(mail(sender="win@prizes.example")).verdict == Verdict.TICKET_OPENED
    kinds = list(Event.objects.filter(subject_kind="spam_listing").order_by("id").values_list("kind", flat=True))
    assert kinds == ["spam.listed", "spam.unlisted"]


def test_a_change_between_other_statuses_leaves_the_list_alone(post: PostOffice, cast: Cast) -> None:
    list_sender(value="cleo@acme.example", act=act_by(cast.ada.user))
    mark(cast, cast.ticket(), Kind.CLOSED)
    assert listed() == ["cleo@acme.example"]


@pytest.mark.parametrize("sender", ["a@prizes.example", "b@mail.prizes.example", "c@deep.mail.prizes.example"])
def test_a_domain_stands_for_everyone_below_it(post: PostOffice, cast: Cast, sender: str) -> None:
    list_sender(value="@Prizes.example", act=act_by(cast.ada.user))
    assert post.deliver(mail(sender=sender)).verdict == Verdict.REJECTED


@pytest.mark.parametrize("sender", ["a@notprizes.example", "a@prizes.example.org", "prizes.example@acme.example"])
def test_a_domain_stands_for_no_other(post: PostOffice, cast: Cast, sender: str) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    assert post.deliver(mail(sender=sender)).verdict == Verdict.TICKET_OPENED


@pytest.mark.parametrize("value", ["*.Prizes.example", "*@prizes.example", ".prizes.example", " prizes.example. "])
def test_a_domain_may_be_entered_as_people_write_one(cast: Cast, value: str) -> None:
    list_sender(value=value, act=act_by(cast.ada.user))
    assert listed() == ["prizes.example"]


@pytest.mark.parametrize("sender", ["a@münchen.example", "a@mail.xn--mnchen-3ya.example"])
@pytest.mark.parametrize("value", ["münchen.example", "@XN--mnchen-3ya.example"])
def test_a_domain_is_the_same_in_both_its_spellings(post: PostOffice, cast: Cast, value: str, sender: str) -> None:
    list_sender(value=value, act=act_by(cast.ada.user))
    assert post.deliver(mail(sender=sender)).verdict == Verdict.REJECTED


@pytest.mark.parametrize(("sender", "later"), [("münchen", "xn--mnchen-3ya"), ("xn--mnchen-3ya", "münchen")])
def test_a_sender_marked_is_refused_in_both_spellings(post: PostOffice, cast: Cast, sender: str, later: str) -> None:
    first = post.deliver(mail(sender=f"win@{sender}.example"))
    mark(cast, first.ticket, Kind.SPAM)
    assert post.deliver(mail(sender=f"win@{later}.example")).verdict == Verdict.REJECTED
    mark(cast, first.ticket, Kind.OPEN)
    assert listed() == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nobody",
        "@",
        "a b@c.example",
        "x@y",
        "https://spam.example/x",
        "spam.example/x",
        "spam.*",
        "*spam.example",
        "mailto:ann@spam.example",
        "Ann <ann@spam.example>",
        "a@b@c.example",
        "support@desk.example",
        "desk.example",
        "ben@desk.example",
    ],
)
def test_refuses_what_is_no_sender_or_one_of_ours(post: PostOffice, cast: Cast, value: str) -> None:
    with pytest.raises(ListingNotValid):
        list_sender(value=value, act=act_by(cast.ada.user))
    assert listed() == []


def test_listing_twice_and_unlisting_twice_is_harmless(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    first, is_new = list_sender(value="a@b.example", act=act)
    assert is_new
    assert list_sender(value="A@b.example", act=act) == (first, False)
    unlist_sender(listing_id=first.pk, act=act)
    unlist_sender(listing_id=first.pk, act=act)
    assert listed() == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("acme.example", "refused too: 2 of Acme."),
        ("zeta.example", "refused too: 1 of Zeta."),
        ("Googlemail.com", "Anybody can have an address at googlemail.com"),
    ],
)
def test_a_domain_from_which_clients_write_is_asked_about_once(cast: Cast, value: str, words: str) -> None:
    zeta = create_client(name="Zeta", account_manager=None, act=act_by(None))
    create_contact(email="zoe@mail.zeta.example", name="Zoe", client=zeta, act=act_by(None))
    with pytest.raises(ListingHurts, match=words):
        list_sender(value=value, act=act_by(cast.ada.user))
    assert listed() == []
    list_sender(value=value, act=act_by(cast.ada.user), is_sure=True)
    assert list_sender(value=value, act=act_by(cast.ada.user))[1] is False


def test_refused_mail_leaves_no_contact_behind(post: PostOffice, cast: Cast) -> None:
    list_sender(value="prizes.example", act=act_by(cast.ada.user))
    post.deliver(mail(sender="new@prizes.example"), at=NOON)
    assert not Contact.objects.filter(user__email="new@prizes.example").exists()
    assert InboundMail.objects.get().raw
