"""Finished pictures: published with their record and signature, found, downloaded, withdrawn."""
