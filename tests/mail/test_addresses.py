import pytest
from django.test import override_settings

from deskhand.mail.addresses import (
    ReplyToken,
    agent_reply_address,
    bounce_address,
    is_own,
    new_message_id,
    own_addresses,
    read_bounce_address,
    read_message_id,
    read_reply_address,
    reply_address,
)
from deskhand.mail.models import Mailbox

LARGEST = 999_999_999_999


@pytest.mark.parametrize("number", [1, 1042, LARGEST])
def test_a_reply_address_reads_back_in_any_case(number: int) -> None:
    address = reply_address(number)
    assert read_reply_address(address) == read_reply_address(address.upper()) == ReplyToken(number)


@pytest.mark.parametrize(
    "address",
    [reply_address(LARGEST), agent_reply_address(LARGEST, 9_999_999), bounce_address(2**62), bounce_address(0)],
)
def test_local_parts_stay_within_64_characters(address: str) -> None:
    assert len(address.partition("@")[0]) <= 64


def test_an_agents_address_names_the_agent_and_reads_as_nothing_else() -> None:
    assert read_reply_address(agent_reply_address(1042, 7)) == ReplyToken(1042, 7)
    assert read_bounce_address(agent_reply_address(1042, 7)) is None


def test_forged_addresses_read_as_nothing() -> None:
    address = reply_address(1042)
    signature = address.partition("@")[0].rpartition("-")[2]
    domain = address.partition("@")[2]
    for forged in [
        f"reply+1043-{signature}@{domain}",
        f"reply+1042-a7-{signature}@{domain}",
        f"bounce+1042-{signature}@{domain}",
        f"reply+1042-{'a' * 26}@{domain}",
        f"reply+1042-{signature}x@{domain}",
        f"reply+1042-{signature}@elsewhere.example",
        f"reply+01042-{signature}@{domain}",
        "reply+1042@" + domain,
        "",
        "@",
        "ﬀ@" + domain,
    ]:
        assert read_reply_address(forged) is None, forged


def test_another_key_makes_other_addresses() -> None:
    address = reply_address(1042)
    with override_settings(SECRET_KEY="another"):
        assert read_reply_address(address) is None


@pytest.mark.parametrize("delivery_id", [0, 1, 35, 36, 2**62])
def test_a_return_address_names_its_delivery(delivery_id: int) -> None:
    assert read_bounce_address(bounce_address(delivery_id).title()) == delivery_id


def test_a_message_id_names_its_ticket_and_is_never_the_same() -> None:
    first, second = new_message_id(1042), new_message_id(1042)
    assert first != second
    assert read_message_id(first) == read_message_id(second.upper()) == 1042
    assert read_message_id(new_message_id(0)) == 0


def test_a_forged_message_id_reads_as_nothing() -> None:
    ours = new_message_id(1042)
    assert read_message_id(ours.replace(".1042.", ".1043.")) is None
    assert read_message_id("<x@y>") is read_message_id("") is None


def test_the_desk_knows_its_own_addresses(db: None) -> None:
    Mailbox.objects.create(name="S", address="help@acme.example", created_at="2026-01-01T00:00Z")
    own = own_addresses()
    assert all(
        is_own(address, own)
        for address in ["HELP@acme.example", "help+shop@acme.example", reply_address(1), "support@desk.localhost"]
    )
    assert not is_own("helper@acme.example", own)
    assert not is_own("", own)
