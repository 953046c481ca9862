"""Where a request comes from: what one customer of a provider is given counts as one."""

from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

NETWORK_OF_ONE = 64  # bits of an IPv6 address that one customer is given


def ip_address_of(request: HttpRequest) -> str | None:
    """As the door counts proxies; None when it cannot be told."""
    try:
        return str(ip_address(get_adapter().get_client_ip(request)))
    except (PermissionDenied, ValueError):
        return None


def network_of(request: HttpRequest) -> str:
    """The whole IPv4 address, the /64 of an IPv6 one; all whose proxy does not say count as one."""
    address = ip_address_of(request)
    if address is None:
        return "unknown"
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> NETWORK_OF_ONE << NETWORK_OF_ONE)}/{NETWORK_OF_ONE}"
    return str(parsed)
