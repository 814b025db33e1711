"""scim2-tester, a conformance suite of its own, against the whole application over real HTTP."""

import threading
from collections import Counter
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx2
import pytest
from django.test import override_settings
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address(keeper):
    """The application as it is served, on a port of its own."""
    from config.wsgi import application

    server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_conformance_suite_finds_no_error(address, own, capsys):
    headers = {"Authorization": f"Bearer {own.token}"}
    with httpx2.Client(base_url=f"{address}/s/{own.studio.slug}/scim/v2", headers=headers, timeout=30) as client:
        results = check_server(SyncSCIMClient(client))
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status not in {Status.SUCCESS, Status.SKIPPED}]
    counted = Counter(one.status.name for one in results)
    with capsys.disabled():
        print(f"\nscim2-tester: {len(results)} checks, {dict(counted)}")
    assert not wrong, "\n".join(wrong)
    assert counted["SUCCESS"] > 60
    assert not [f"{one.title}: {one.reason}" for one in results if one.status is Status.SKIPPED]
