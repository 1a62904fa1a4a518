"""Who mail comes from, asked for the senders of many mails at once."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from deskhand.accounts.models import User, UserQuerySet
from deskhand.core.built import built_once
from deskhand.core.conditions import is_among, is_among_texts
from deskhand.core.remembering import recalled, remember, remembered
from deskhand.core.shapes import Texts
from deskhand.mail.addresses import ascii_domain
from deskhand.mail.models import SpamListing

MOST_LABELS = 10


def person_of(address: str) -> User | None:
    """Return whoever owns the address, with what they are as agent and as contact. One query, or none if foreseen."""
    return remembered(("person", address), lambda: _people().with_address(address).first())


def remember_person(address: str, person: User) -> None:
    """Within `remembering`: let `person_of` find a person just made."""
    remember(("person", address), person)


def listing_for(address: str) -> SpamListing | None:
    """Return why mail from `address` is refused: the address itself, its domain, or one above; None if it is not."""
    foreseen: frozenset[str] = recalled("unlisted", frozenset())
    if address in foreseen:
        return None
    names = _names_of(address)
    found = {row.value: row for row in SpamListing.objects.filter(value__in=names)}
    return next((found[name] for name in names if name in found), None)


def foresee(senders: Iterable[str]) -> None:
    """Within `remembering`: answer `person_of` and `listing_for` for these senders, in three queries for them all.

    Whoever makes a contact of someone foreseen as unknown says so by `remember_person`.
    """
    wanted = {sender for sender in senders if sender}
    if not wanted:
        return
    for sender in wanted:
        remember(("person", sender), None)
    people = {person.pk: person for person in _owners(Texts(wanted))}
    for email, pk in _owned(list(people), Texts(wanted)):
        remember(("person", email), people[pk])
    for person in people.values():
        remember(("person", person.email.lower()), person)
    names = {sender: _names_of(sender) for sender in wanted}
    listed = set(_listed(Texts({name for some in names.values() for name in some})))
    remember("unlisted", frozenset(sender for sender, some in names.items() if listed.isdisjoint(some)))


def _people() -> UserQuerySet:
    people: UserQuerySet = User.objects.select_related("agent__role", "contact__client")
    return people


@built_once
def _owners(addresses: Texts) -> UserQuerySet:
    return _people().with_addresses(addresses)


@built_once
def _owned(owners: list[int], addresses: Texts) -> "QuerySet[EmailAddress, tuple[str, int]]":
    asked: QuerySet[EmailAddress] = EmailAddress.objects.filter(is_among("user", owners))
    return asked.filter(is_among_texts("email", addresses)).values_list("email", "user")


@built_once
def _listed(values: Texts) -> "QuerySet[SpamListing, str]":
    return SpamListing.objects.filter(is_among_texts("value", values)).values_list("value", flat=True)


def _names_of(address: str) -> list[str]:
    """What may stand on the list because of an address: it, its domain, and the domains above, in ASCII forms."""
    flat = ascii_domain(address.strip().lower())
    labels = flat.rpartition("@")[2].split(".")
    return [flat, *[".".join(labels[at:]) for at in range(len(labels))][-MOST_LABELS:]]
