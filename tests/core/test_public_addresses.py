from ipaddress import ip_network

import pytest

from deskhand.core.public_addresses import is_reachable


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "ff02::1",
        "not an address",
        "",
    ],
)
def test_inner_and_odd_addresses_are_not_reachable(address: str) -> None:
    assert not is_reachable(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1"])
def test_public_addresses_are_reachable(address: str) -> None:
    assert is_reachable(address)


def test_an_allowed_network_is_reachable_and_its_neighbour_is_not() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")]
    assert is_reachable("10.1.2.3", allowed)
    assert is_reachable("fd00:1::5", allowed)
    assert not is_reachable("10.2.2.3", allowed)
    assert not is_reachable("::ffff:10.1.2.3", allowed)
