"""The page that explains the API works under the policy that every page is sent with."""

import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

SCRIPT = re.compile(r"<script(?P<told>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
SOURCE = re.compile(r'src="(?P<address>[^"]+)"')


@pytest.fixture(params=["", "studio"])
def page(request, studio):
    return Client().get(f"/s/{studio.slug}/api/docs" if request.param else "/api/docs")


def sources(page):
    return [unescape(SOURCE.search(found["told"])["address"]) for found in SCRIPT.finditer(page.content.decode())]


def test_no_script_stands_in_the_page(page):
    policy = {part.split()[0]: part.split()[1:] for part in page.headers["Content-Security-Policy"].split(";")}
    assert policy["script-src"] == ["'self'"]
    scripts = list(SCRIPT.finditer(page.content.decode()))
    assert scripts
    assert not [found["text"] for found in scripts if found["text"].strip()]
    assert all(address.startswith("/") for address in sources(page))


def test_its_scripts_are_served_and_show_the_schema(page):
    *library, own = sources(page)
    for address in library:
        assert finders.find(address.partition("/static/")[2]), address
    served = Client().get(own)
    assert served.status_code == 200
    assert served.headers["Content-Type"].startswith("application/javascript")
    (named,) = re.findall(r'url: "([^"]+)"', served.content.decode())
    schema = Client().get(named.encode().decode("unicode_escape"))
    assert schema.json()["openapi"].startswith("3.1")
