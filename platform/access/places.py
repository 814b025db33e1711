"""Where a studio is on the web: a host of its own, or a path of the installation's one host."""

from urllib.parse import urlsplit

from django.conf import settings

from access.rules import is_address

PREFIX = "/s/"


def studio_of_host(host: str) -> str | None:
    """Return the name in a studio's own host; None for the installation's own, "" for a host that no studio can have."""
    known, domain = host.partition(":")[0].lower(), settings.STUDIO_DOMAIN
    if not domain or not known.endswith(f".{domain}") or known == urlsplit(settings.PUBLIC_URL).hostname:
        return None
    name = known.removesuffix(f".{domain}")
    return name if is_address(name) else ""


def studio_place(slug: str) -> str:
    """Return where a browser that is here finds a studio: a path, or the address of another host."""
    return studio_url(slug) if settings.STUDIO_DOMAIN else f"{PREFIX}{slug}/"


def studio_url(slug: str) -> str:
    """Return the address of a studio, as people and providers know it; never taken from what a request says of itself."""
    if not settings.STUDIO_DOMAIN:
        return f"{settings.PUBLIC_URL.rstrip('/')}{PREFIX}{slug}/"
    public = urlsplit(settings.PUBLIC_URL)
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{slug}.{settings.STUDIO_DOMAIN}{port}/"
