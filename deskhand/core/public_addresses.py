"""Which network addresses outgoing calls may reach: the public internet, and what the installation allows by name."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_CLOSED_V4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's address translation (RFC 6598)
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's wire server, which only looks public
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, and Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
# Only 2000::/3 is global unicast. That leaves out loopback, unique local (with Amazon's metadata), link-local,
# multicast, addresses mapped from IPv4 and NAT64, which would reach an IPv4 address that nobody checked.
_GLOBAL_V6 = ip_network("2000::/3")
_CLOSED_V6 = [
    ip_network(text)
    for text in (
        "2001::/23",  # protocol assignments, and Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "3fff::/20",  # documentation
    )
]


def is_reachable(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an outgoing call may connect to the address: a public one, or one in `allowed`.

    Anything that is no plain address is not. Ranges: IANA's special-purpose registries (RFC 6890).
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return is_allowed(found, allowed) or _is_public(found)


def is_allowed(address: IPv4Address | IPv6Address, allowed: Sequence[Network]) -> bool:
    """Whether the installation opened the address for outgoing calls."""
    return any(address in network for network in allowed)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)
