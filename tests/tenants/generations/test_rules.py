"""Which models cannot go together, on plain values."""

from uuid import UUID

from tenants.generations.rules import misuses

BASE, FIRST, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)


def test_a_base_with_its_adapters_fits():
    assert misuses([(BASE, "base", "sd1"), (FIRST, "adapter", "sd1"), (SECOND, "adapter", "sd1")]) == []


def test_each_kind_has_its_place():
    assert misuses([(FIRST, "adapter", "sd1")]) == [("model.not_a_base", FIRST)]
    assert misuses([(BASE, "base", "sd1"), (SECOND, "base", "sd1")]) == [("model.is_a_base", SECOND)]
    swapped = misuses([(FIRST, "adapter", "sd1"), (BASE, "base", "sd1")])
    assert swapped == [("model.not_a_base", FIRST), ("model.is_a_base", BASE)]


def test_an_adapter_of_another_family_and_the_same_one_twice_do_not_fit():
    assert misuses([(BASE, "base", "sdxl"), (FIRST, "adapter", "sd1")]) == [("model.other_family", FIRST)]
    twice = [(BASE, "base", "sd1"), (FIRST, "adapter", "sd1"), (SECOND, "adapter", "sd1"), (FIRST, "adapter", "sd1")]
    assert misuses(twice) == [("model.twice", FIRST)]
