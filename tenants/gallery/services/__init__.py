"""The gallery's verbs."""

from tenants.gallery.services.publish import PublishedPicture, publish
from tenants.gallery.services.reading import Shown, Sought, detail, find, one, picture, thumbnail
from tenants.gallery.services.taking import download, link, withdraw

__all__ = [
    "PublishedPicture",
    "Shown",
    "Sought",
    "detail",
    "download",
    "find",
    "link",
    "one",
    "picture",
    "publish",
    "thumbnail",
    "withdraw",
]
