"""Requests for pictures: submitted or refused, under way, ended one way; and pictures made again from their record."""
