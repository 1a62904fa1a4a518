"""Changing a client and its mail domains."""

from collections.abc import Iterable

from django.db import transaction

from deskhand.accounts.models import Agent
from deskhand.clients.domains import domain_name
from deskhand.clients.events import ClientChanged, DomainsChanged
from deskhand.clients.models import Client, Domain
from deskhand.core.changes import differences, joining_and_leaving
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record


class ClientNameTaken(ValueError):
    """Another client has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There already is a client called “{name}”.")


class DomainTaken(ValueError):
    """Another client has this domain."""

    def __init__(self, name: str, owner: str) -> None:
        super().__init__(f"{name} already belongs to {owner}.")


@transaction.atomic
def change_client(*, client_id: int, name: str, phone: str, account_manager: Agent | None, act: Act) -> None:
    """Change a client's name, phone and account manager. Raises ClientNameTaken."""
    locked = Client.objects.select_for_update(of=("self",)).select_related("account_manager__user")
    client = locked.get(pk=client_id)
    before, manager = _described(client), client.account_manager
    client.name, client.phone = one_line(name), one_line(phone)
    client.account_manager = account_manager
    changes = differences(before, _described(client))
    if not changes and manager == account_manager:
        return
    with unless_taken("client_name_unique", ClientNameTaken(client.name)):
        client.save(update_fields=["name", "phone", "account_manager"])
    record(ClientChanged(subject_id=client.pk, changes=changes), act=act)


def _described(client: Client) -> dict[str, str]:
    manager = client.account_manager.name if client.account_manager else ""
    return {"name": client.name, "phone": client.phone, "account_manager": manager}


@transaction.atomic
def set_domains(*, client_id: int, names: Iterable[str], act: Act) -> None:
    """Make exactly these the client's mail domains. Raises DomainNotValid and DomainTaken; then nothing changes."""
    client = Client.objects.select_for_update().get(pk=client_id)
    present = client.domains.order_by("name").values_list("name", flat=True)
    added, removed = joining_and_leaving(map(domain_name, names), present)
    if not added and not removed:
        return
    client.domains.filter(name__in=removed).delete()
    for name in added:
        give_domain(client, name)
    record(DomainsChanged(subject_id=client.pk, added=added, removed=removed), act=act)


def give_domain(client: Client, name: str) -> None:
    """Write a checked domain inside the caller's transaction. Raises DomainTaken."""
    owner = Client.objects.filter(domains__name=name).first()
    taken = DomainTaken(name, owner.name if owner else "another client")
    with unless_taken("clients_domain_name", taken):
        Domain.objects.create(client=client, name=name)
