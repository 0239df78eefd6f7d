"""Origins, as browsers send them: a scheme, a host and a port that is not the scheme's own."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LONGEST = 200
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_USUAL = {"https": 443, "http": 80}


class BadOrigin(ValueError):
    """A text that is no origin, or not one that a key may be used from."""


def origin(text: str) -> str:
    """An origin as browsers write it, of https, or of http on the reader's own machine. Raises BadOrigin."""
    wrong = BadOrigin(
        f"{text!r}: write an origin such as https://shop.example or http://localhost:5173, nothing after it"
    )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if (
        parts.scheme not in _USUAL
        or parts.path
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
        or len(text) > LONGEST
    ):
        raise wrong
    if re.search(r"[?#\s\x00-\x1f]", text) or not _named(host):
        raise wrong
    if parts.scheme == "http" and not is_loopback(host):
        raise BadOrigin(f"{text!r}: write https; http is for localhost alone")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _USUAL[parts.scheme]) else f":{port}")


def on_this_machine(text: str) -> bool:
    """Whether an Origin header names a page of the server's own machine."""
    try:
        return origin(text) == text and is_loopback(urlsplit(text).hostname or "")
    except BadOrigin:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host is the machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=64)
def is_elsewhere(address: str) -> bool:
    """Whether a connection comes from another machine; one at a unix socket has no address, or none that is an IP."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    mapped = peer.ipv4_mapped if isinstance(peer, IPv6Address) else None
    return not (mapped or peer).is_loopback


def told(text: str) -> str:
    """What the log says of an Origin header: an origin as it is, of anything else only that it is none."""
    if not text:
        return ""
    return text if re.fullmatch(r"https?://[a-z0-9.:\[\]-]{1,180}", text) else "(malformed)"


def _named(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return _HOST.fullmatch(host) is not None
