"""Asks what licences and rights permit. The answer is a value with reasons; the caller records it."""

from collections.abc import Iterable, Sequence

from governance.licensing.rules import Decision, Purpose, RightsBasis, decide


def check_use(licences: Sequence[str]) -> Decision:
    """May pictures be made with models of these licences?"""
    return decide(Purpose.GENERATE, licences=licences)


def check_training(licences: Sequence[str], *, rights: Iterable[RightsBasis]) -> Decision:
    """May an adapter be trained on these bases with pictures held on these grounds?"""
    return decide(Purpose.TRAIN, licences=licences, rights=rights)


def check_export(licences: Sequence[str], *, rights: Iterable[RightsBasis] = (), picture: bool = False) -> Decision:
    """May an adapter, or a picture, of these licences leave?"""
    return decide(Purpose.EXPORT_PICTURE if picture else Purpose.EXPORT_ADAPTER, licences=licences, rights=rights)
