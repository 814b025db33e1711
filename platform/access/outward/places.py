"""Which addresses may be asked: decided from a URL's form, the addresses that its name leads to, and the operator's words.

Nothing here asks anybody. A form that two readers could take for two hosts is refused, whatever it may mean.
"""

import contextlib
import functools
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import requests

from kernel.errors import Fact, InvalidInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST_URL: Final = 4096
_URL: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?(?:[/?][!-~]*)?", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What others read as an IPv4 address, in whatever form, ends so (WHATWG URL, "ends in a number").
_NUMBER: Final = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")

# The IANA registries of special addresses; of IPv6, what is no global unicast is refused as a whole.
_RESERVED: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(word)
    for word in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
_GLOBAL6: Final = ipaddress.IPv6Network("2000::/3")
# An allowed name may lead here; anywhere else that is reserved only by a network that the operator wrote.
_INSIDE: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(word)
    for word in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
# Where clouds hand credentials to whoever asks: allowed only when the operator wrote that very address.
METADATA: Final[frozenset[Address]] = frozenset(
    ipaddress.ip_address(word)
    for word in ("169.254.169.254", "169.254.170.2", "169.254.169.253", "100.100.100.200", "168.63.129.16", "192.0.0.192",
                 "fd00:ec2::254", "fd00:ec2::253", "fd20:ce::254")
)  # fmt: skip
_CARRIERS: Final = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))


class NotReached(InvalidInput, requests.RequestException):
    """An address was refused, or did not answer as it must; `why` is a closed word.

    It is an exception of `requests` too, so that a library that asks by our session takes it for what it is.
    """

    default_code = "outward.failed"

    def __init__(self, code: str | None = None, **facts: Fact) -> None:
        super().__init__(code, **facts)


@dataclass(frozen=True)
class Word:
    """One word of the operator: a network or a name, perhaps with a port, and whether without TLS."""

    network: Network | None
    name: str
    port: int | None
    plain: bool

    def permits(self, place: "Place", address: Address) -> bool:
        """Tell whether this word opens a reserved address to a place."""
        if self.port not in {None, place.port}:
            return False
        if self.network is None:
            return self.name == place.host and _in(address, _INSIDE) and address not in METADATA
        return address in self.network and (address not in METADATA or self.network.num_addresses == 1)

    def permits_plain(self, place: "Place") -> bool:
        """Tell whether a place may be asked without TLS."""
        return self.plain and self.port == place.port and place.host in {self.name, _bare(self.network)}


@dataclass(frozen=True)
class Place:
    """Whom a URL names; `address` when it names no name."""

    scheme: str
    host: str
    port: int
    address: Address | None

    @property
    def is_local_name(self) -> bool:
        """Names that the machine's own configuration gives a meaning."""
        return self.address is None and ("." not in self.host or self.host.endswith(".localhost"))


@functools.lru_cache(maxsize=8)
def words(written: tuple[str, ...]) -> tuple[Word, ...]:
    """Read the operator's words, or raise ValueError that names the wrong one."""
    return tuple(_word(one) for one in written)


def _word(written: str) -> Word:
    plain = written.lower().startswith("http://")
    bare = written.lower().removeprefix("http://")
    with contextlib.suppress(ValueError):
        if not plain:
            return Word(network=ipaddress.ip_network(bare.strip("[]")), name="", port=None, plain=False)
    found = None if set(bare) & set("/?") else _URL.fullmatch(f"https://{bare}")
    place = _named(found[2], int(found[3] or 0)) if found else None
    if found is None or place is None or (plain and not found[3]):
        raise ValueError(f"{written} is no host, host:port, network or http://host:port")
    network = None if place.address is None else ipaddress.ip_network(place.address)
    return Word(network=network, name="" if network else place.host, port=place.port or None, plain=plain)


def judged(url: str, allowed: tuple[Word, ...]) -> Place:
    """Return whom a URL names, or raise NotReached when its form, scheme or host may not be asked whatever it leads to."""
    found = _URL.fullmatch(url) if len(url) <= _LONGEST_URL else None
    if found is None:
        # Whatever else it is, it has a name or a password before an @, signs that readers differ on, or no host.
        raise NotReached("outward.refused_address" if re.match(r"https?:", url, re.IGNORECASE) else "outward.not_https", why="form")
    scheme = found[1].lower()
    place = _named(found[2], int(found[3] or (443 if scheme == "https" else 80)), scheme=scheme)
    if place is None:
        raise NotReached("outward.refused_address", why="host")
    if scheme != "https" and not any(word.permits_plain(place) for word in allowed):
        raise NotReached("outward.not_https")
    if place.is_local_name and not any(word.name == place.host for word in allowed):
        raise NotReached("outward.refused_address", why="local_name")
    return place


def _named(host: str, port: int, scheme: str = "https") -> Place | None:
    """Return the place, or None where readers could differ on which host is meant."""
    host = host.lower()
    if port > 65535:
        return None
    labels = host.split(".")
    if host.startswith("[") or _NUMBER.fullmatch(labels[-1]):
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return None
        return Place(scheme=scheme, host=str(address), port=port, address=address)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return Place(scheme=scheme, host=host, port=port, address=None)


def permitted(place: Place, address: Address, allowed: tuple[Word, ...]) -> bool:
    """Tell whether a place may lead to an address: a public one, or one that a word opens; so too what the address carries."""
    if _is_reserved(address) and not any(word.permits(place, address) for word in allowed):
        return False
    carried = carried_by(address)
    return carried is None or permitted(place, carried, allowed)


def _is_reserved(address: Address) -> bool:
    foreign = isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL6
    return foreign or address in METADATA or _in(address, _RESERVED)


def carried_by(address: Address) -> Address | None:
    """Return the IPv4 address at which a mapped or translated one arrives."""
    if isinstance(address, ipaddress.IPv6Address) and any(address in carrier for carrier in _CARRIERS):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _bare(network: Network | None) -> str | None:
    return str(network.network_address) if network is not None and network.num_addresses == 1 else None
