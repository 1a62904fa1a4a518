import pytest
from django.db import IntegrityError, transaction

from deskhand.clients.actions.companies import ClientNameTaken, DomainTaken, change_client, set_domains
from deskhand.clients.actions.people import create_client
from deskhand.clients.domains import DomainNotValid, domain_name
from deskhand.clients.models import Client, Domain
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def domains_of(client: Client) -> list[str]:
    return sorted(client.domains.values_list("name", flat=True))


def test_a_client_is_changed_and_the_event_says_what(cast: Cast) -> None:
    change_client(
        client_id=cast.acme.pk, name="Acme Ltd", phone="020", account_manager=cast.ada, act=act_by(cast.ada.user)
    )
    event = Event.objects.get(kind="client.changed")
    assert event.data["changes"] == {
        "name": ["Acme", "Acme Ltd"],
        "phone": ["", "020"],
        "account_manager": ["Ben Baker", "Ada Admin"],
    }


def test_the_same_values_again_record_nothing(cast: Cast) -> None:
    change_client(client_id=cast.acme.pk, name="Acme", phone="", account_manager=cast.ben, act=act_by(cast.ada.user))
    assert not Event.objects.filter(kind="client.changed").exists()


def test_two_clients_cannot_have_one_name(cast: Cast) -> None:
    act = act_by(cast.ada.user)
    with pytest.raises(ClientNameTaken):
        create_client(name="ACME", act=act)
    with pytest.raises(ClientNameTaken):
        change_client(client_id=cast.other.pk, name="acme ", phone="", account_manager=None, act=act)


def test_domains_become_exactly_those_named(cast: Cast) -> None:
    set_domains(client_id=cast.acme.pk, names=["@Acme.example", "bücher.example"], act=act_by(cast.ada.user))
    assert domains_of(cast.acme) == ["acme.example", "xn--bcher-kva.example"]
    set_domains(client_id=cast.acme.pk, names=[], act=act_by(cast.ada.user))
    last = Event.objects.filter(kind="client.domains_changed").order_by("-id")[0]
    assert last.data["removed"] == ["acme.example", "xn--bcher-kva.example"]


def test_a_domain_belongs_to_one_client(cast: Cast) -> None:
    with pytest.raises(DomainTaken, match=r"acme\.example already belongs to Acme"):
        set_domains(client_id=cast.other.pk, names=["new.example", "acme.example"], act=act_by(cast.ada.user))
    assert domains_of(cast.other) == []


@pytest.mark.parametrize(
    "text", ["", "acme", "a b.example", "http://acme.example/x", "-a.example", "gmail.com", "é" * 99]
)
def test_what_is_no_domain_of_a_client_is_refused(text: str) -> None:
    with pytest.raises(DomainNotValid):
        domain_name(text)


def test_a_client_has_a_name(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=cast.acme.pk).update(name="")


def test_a_domain_has_a_name(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.update(name="")
