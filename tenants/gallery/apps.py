"""The app of the room."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    name = "tenants.gallery"
    label = "gallery"
