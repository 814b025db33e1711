"""A licence passes by what it is, read as SPDX reads it; what nobody could look at does not pass."""

import json
from email.message import Message

import pytest

from config.management.commands import licences
from config.management.commands.licences import may_ship, of_npm, of_python, of_weights, said_by


@pytest.mark.parametrize("said", [
    "MIT", "(MIT OR CC0-1.0)", "LGPL-3.0-only", "MPL-2.0 AND MIT", "GPL-2.0-only OR MIT", "MIT OR GPL-3.0-only AND AGPL-3.0-only",
    "Apache-2.0 WITH LLVM-exception", "(GPL-3.0-only OR MIT) AND BSD-3-Clause",
])  # fmt: skip
def test_what_may_ship(said):
    assert may_ship(said)


@pytest.mark.parametrize("said", [
    "", "UNLICENSED", "SEE LICENSE IN LICENSE.txt", "GPL-3.0-only", "AGPL-3.0-or-later", "CC-BY-NC-4.0", "MIT AND GPL-2.0-only",
    "MIT AND GPL-3.0-only OR AGPL-3.0-only", "GPL-3.0-only OR AGPL-3.0-only", "GPL-2.0-only WITH Classpath-exception-2.0",
    "MIT-like", "not MIT", "MIT OR", "LicenseRef-Ours", "OpenRAIL++", "BSD-3-Clause AND LicenseRef-Proprietary",
])  # fmt: skip
def test_what_may_not_ship(said):
    assert not may_ship(said)


def package(*, expression="", classifiers=(), text=""):
    about = Message()
    if expression:
        about["License-Expression"] = expression
    for one in classifiers:
        about["Classifier"] = f"License :: {one}"
    if text:
        about["License"] = text
    return about


@pytest.mark.parametrize(("about", "passes"), [
    (package(expression="MIT"), True),
    (package(expression="GPL-3.0-only", classifiers=["OSI Approved :: MIT License"]), False),
    (package(classifiers=["OSI Approved :: BSD License", "OSI Approved :: Apache Software License"], text="Dual License"), True),
    (package(classifiers=["OSI Approved :: MIT License", "OSI Approved :: GNU General Public License v3 (GPLv3)"]), False),
    (package(classifiers=["OSI Approved :: MIT License", "Other/Proprietary License"]), False),
    (package(classifiers=["OSI Approved :: MIT License"], text="AGPL-3.0-only"), False),
    (package(classifiers=["OSI Approved :: BSD License"], text="Copyright (c) 2001-2002 Somebody, Inc. 2003"), True),
    (package(text="Apache 2.0"), True),
    (package(text="the Apache of licences"), False),
    (package(), False),
])  # fmt: skip
def test_what_a_package_says(about, passes):
    assert may_ship(said_by(about)) is passes


def test_a_locked_package_that_is_not_here_is_told(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text("# a lock\nDjango==5.2.19\nnodejs-wheel==24.19.0\nno-such-package-of-ours==1.0\n")
    [wrong] = of_python(lock)
    assert wrong.startswith("python no-such-package-of-ours: is not installed")


def test_optional_npm_packages_are_looked_at(tmp_path):
    lock = tmp_path / "package-lock.json"
    packages = {
        "": {"name": "ours"}, "node_modules/good": {"license": "MIT", "optional": True},
        "node_modules/bad": {"license": "GPL-3.0-only", "optional": True}, "node_modules/mute": {"optional": True},
    }  # fmt: skip
    lock.write_text(json.dumps({"packages": packages}))
    assert of_npm(lock) == ["npm node_modules/bad: GPL-3.0-only", "npm node_modules/mute: says nothing"]
    assert of_npm(tmp_path / "none.json") == ["npm: the lock is missing"]


@pytest.mark.parametrize(("card", "wrong"), [
    ("| licence of the weights | Apache-2.0 |", []),
    ("| licence of the weights | CC-BY-NC-4.0 |\n\nIts code is Apache-2.0.", ["weights: CC-BY-NC-4.0"]),
    ("Trained on things under Apache-2.0.", ["weights: no model card declares their licence"]),
])  # fmt: skip
def test_the_weights_licence_is_the_one_that_their_card_declares(tmp_path, card, wrong):
    path = tmp_path / "MODEL_CARD.md"
    path.write_text(f"# A model\n\n| | |\n|---|---|\n{card}\n")
    assert of_weights(path) == wrong
    assert of_weights(tmp_path / "none.md")


def test_nothing_is_read_by_hand_that_has_left_the_lock():
    from django.conf import settings

    locked = {line.partition("==")[0].lower() for line in (settings.ROOT / "constraints.txt").read_text().splitlines()}
    assert set(licences.READ_BY_HAND) <= locked
