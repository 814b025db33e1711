"""The verbs of datasets."""

from tenants.datasets.services.adding import Added, Refused, Upload, add_item
from tenants.datasets.services.changing import create, freeze, remove_item, set_caption
from tenants.datasets.services.reading import Frozen, dataset_of, frozen, words_of

__all__ = [
    "Added", "Frozen", "Refused", "Upload", "add_item", "create", "dataset_of", "freeze", "frozen", "remove_item", "set_caption",
    "words_of",
]  # fmt: skip
