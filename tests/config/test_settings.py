"""What is derived of what was given: the cache's server, and whose portal answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from config.installation import Installation, cache_url
from config.management.commands import up

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("broker", "cache"), [
    ("", ""),
    ("redis://server:6379/2", "redis://server:6379/2"),
    ("rediss://:word@server/0", "rediss://:word@server/0"),
    ("redis+socket://:word@/run/b.sock?virtual_host=3", "unix://:word@/run/b.sock?db=3"),
    ("redis+socket:///run/b.sock", "unix:///run/b.sock?db=0"),
])  # fmt: skip
def test_the_cache_is_where_the_broker_is(broker, cache):
    assert cache_url(broker) == cache


@pytest.mark.parametrize(("given", "cache"), [
    ({"BROKER_URL": "redis+socket://:word@/run/b.sock"}, "unix://:word@/run/b.sock?db=0"),
    ({"BROKER_URL": "redis://theirs/0", "CACHE_URL": "redis://other/1"}, "redis://other/1"),
])  # fmt: skip
def test_a_broker_of_before_does_not_stand_in_for_the_one_that_was_given(tmp_path, given, cache):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "broker-password").write_text("of-before")
    bare = {name: value for name, value in os.environ.items() if name not in {"BROKER_URL", "CACHE_URL"}}
    asked = "from django.conf import settings; print(settings.CACHE_URL)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=bare | {"GUILDHALL_DATA": str(tmp_path)} | given, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == cache


def test_health_names_the_installation_and_up_believes_no_other(monkeypatch):
    said = Client().get("/health").content.decode()
    assert said == f"ok {settings.HERE.digest}"
    other = Installation("another", settings.HERE.data, settings.HERE.run, settings.HERE.keeper_store)
    assert other.digest != settings.HERE.digest
    assert settings.HERE.name not in said

    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def read(self, _most):
            return self.words

    monkeypatch.setattr(up.urllib.request, "urlopen", lambda *_, **__: Answer())
    for words, ours in ((said, True), (f"ok {other.digest}", False), ("ok", False), ("<html>", False)):
        Answer.words = words.encode()
        assert up._is_ours(8000) is ours


@pytest.mark.parametrize(("url", "domain", "said"), [
    ("http://127.0.0.1:8000", "", "guildhall_session False"),
    ("https://guildhall.example", "", "__Secure-guildhall_session True"),
    ("https://guildhall.example", "studios.example", "__Host-guildhall_session True"),
])  # fmt: skip
def test_over_tls_the_sessions_cookie_has_a_name_that_browsers_guard(url, domain, said):
    asked = (
        "from django.conf import settings;"
        "print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,"
        "settings.SESSION_COOKIE_SAMESITE)"
    )
    environment = {**os.environ, "GUILDHALL_URL": url, "GUILDHALL_STUDIO_DOMAIN": domain}
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{said} True Lax"
