"""Requests to addresses that tenants choose: what is refused, and that the same is answered where the operator allows it."""

import gzip
import http.server
import ipaddress
import socket
import threading
import time

import pytest
import requests
from django.test import override_settings

from access import outward
from access.outward import Way, fetch, post
from access.outward.places import METADATA, NotReached, carried_by, permitted, words
from config.checks import refuse_unsafe_settings
from config.env import WrongSetting
from tests.peers.certificates import DAY, Authority, now

NAME = "idp.studio.test"
PUBLIC = "93.184.215.14"  # an address that nobody reserves; nothing is sent there


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path, and keeps what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answer = getattr(self, f"answer_{self.path.strip('/').split('/')[0].split('?')[0]}", self.answer_plain)
        answer()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers)))
        self.say(b"posted:" + body)

    def say(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_plain(self):
        self.say(b"hello", Set_Cookie="seen=1; Path=/")

    def answer_redirect(self):
        self.say(b"", 302, Location=self.server.redirect_to)

    def answer_permanent(self):
        self.say(b"", 308, Location=self.server.redirect_to)

    def answer_large(self):
        self.say(b"x" * 5000)

    def answer_exact(self):
        self.say(b"x" * 4096)

    def answer_endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 4096)
        except OSError:
            self.close_connection = True

    def answer_bomb(self):
        self.say(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    def answer_secret(self):
        self.say(b"the-body-of-the-answer", 500)

    def answer_drip(self):
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def answer_silent(self):
        time.sleep(3)
        self.close_connection = True

    def answer_headers(self):
        try:
            for number in range(200):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n" if number == 0 else b"X: y\r\n")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """A server on a free port of the loopback, with or without TLS."""

    daemon_threads = True

    def __init__(self, leaf=None, family=socket.AF_INET):
        self.address_family, self.asked, self.redirect_to = family, [], ""
        super().__init__(("127.0.0.1" if family == socket.AF_INET else "::1", 0), Handler)
        if leaf is not None:
            self.socket = leaf.context().wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, *_):
        pass

    @property
    def port(self):
        return self.server_address[1]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def serve():
    made = []

    def start(leaf=None, family=socket.AF_INET):
        made.append(Server(leaf, family))
        return made[-1]

    yield start
    for server in made:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(serve, authority):
    return serve(authority.issue(NAME, "127.0.0.1", "localhost"))


@pytest.fixture
def way(authority):
    """Build a way that trusts the run's authority; every name leads to the loopback."""

    def made(*allowed, resolve=lambda *_: ["127.0.0.1"], **more):
        return Way(allowed=words(allowed), authorities=str(authority.file), resolve=resolve, **more)

    return made


def code_of(call):
    with pytest.raises(NotReached) as refused:
        call()
    return refused.value.code


# --- which addresses -----------------------------------------------------------------------------------------------------

LITERALS = [
    "127.0.0.1", "127.1.2.3", f"0.0.0.{0}", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "169.254.0.1",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "100.100.100.200", "168.63.129.16", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[fd00::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2001::1]",
    "[3fff::1]", "[100::1]", "[5f00::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", LITERALS)
def test_a_reserved_address_is_refused_unless_its_network_is_allowed(host, way):
    place = outward.judge(f"https://{host}/", way())
    assert not permitted(place, place.address, way().allowed)
    assert code_of(lambda: fetch(f"https://{host}/", way(seconds=0.2))) == "outward.refused_address"
    carried = carried_by(place.address)
    open_way = way(str(place.address), *([str(carried)] if carried else []))
    assert permitted(place, place.address, open_way.allowed)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1"]
)
def test_a_public_address_needs_no_permission(address, way):
    place = outward.judge(f"https://[{address}]/" if ":" in address else f"https://{address}/", way())
    assert permitted(place, place.address, way().allowed)
    assert outward._resolved(place, way(), outward._Deadline(1)) == [ipaddress.ip_address(address)]


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0", "127.0.0.1.", "127.0.0.01",
        "0x7f.1", "1.2.3.4.5", "256.0.0.1", "134744072", "08.8.8.8", "8.8.8", "8.8.8.8.", "idp.studio.test.", "idp..studio.test",
        ".idp.studio.test", "-idp.studio.test", "idp.studio.test:99999", "[::1", "::1", "[fe80::1%25eth0]", "[v1.fe80::1]",
        "[127.0.0.1.]",
        "user@127.0.0.1", "user:word@idp.studio.test", "idp.studio.test@127.0.0.1", "idp.studio.test#@127.0.0.1",
        "idp.studio.test\\@127.0.0.1", "127.0.0.1\\.idp.studio.test", "idp.studio.test%2f@127.0.0.1", "127.0.0.1%00.studio.test",
        "127。0。0。1", "⑫7.0.0.1", "ⓛocalhost", "１２７.0.0.1", "lοcalhost", "idp.studio.test\t", "idp.studio.test\r\nX: y",
        "idp .test",
        "", ":443", "*", "*.studio.test", "$idp.test", "localhost", "LOCALHOST", "app.localhost", "intranet", "keeper",
    ],
)  # fmt: skip
def test_a_form_that_readers_differ_on_is_refused_though_all_addresses_are_allowed(host, way, server):
    everywhere = way("0.0.0.0/0", "::/0", "127.0.0.1")
    assert fetch(f"https://{NAME}:{server.port}/", everywhere) == b"hello"
    url = f"https://{host}:{server.port}/" if host and ":" not in host.removeprefix("[") else f"https://{host}/"
    assert code_of(lambda: fetch(url, everywhere)) == "outward.refused_address"
    assert code_of(lambda: outward.Session(everywhere).get(url)) == "outward.refused_address"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "url",
    ["ftp://{}/", "file:///etc/passwd", "gopher://{}/", "data:,x", "//{}/", "{}", "", "javascript:1", "unix:///run/x", " https://{}/",
     "\nhttps://{}/", "ldap://{}/", "ws://{}/"],
)  # fmt: skip
def test_other_schemes_are_refused(url, way, server):
    where = f"{NAME}:{server.port}"
    assert fetch(f"https://{where}/", way(NAME)) == b"hello"
    assert code_of(lambda: fetch(url.format(where), way(NAME))) == "outward.not_https"
    assert code_of(lambda: outward.Session(way(NAME)).get(url.format(where))) == "outward.not_https"
    assert len(server.asked) == 1


def test_plain_http_goes_only_to_an_origin_that_is_written_so(serve, way):
    plain = serve()
    url = f"http://{NAME}:{plain.port}/"
    for allowed in ((), (NAME,), (f"{NAME}:{plain.port}",), ("127.0.0.0/8",), (f"http://{NAME}:{plain.port + 1}",)):
        assert code_of(lambda allowed=allowed: fetch(url, way(*allowed))) == "outward.not_https"
    assert not plain.asked
    assert fetch(url, way(f"http://{NAME}:{plain.port}")) == b"hello"
    assert fetch(f"http://127.0.0.1:{plain.port}/", way(f"http://127.0.0.1:{plain.port}")) == b"hello"


@pytest.mark.parametrize("allowed", [NAME, NAME.upper(), "127.0.0.1", "127.0.0.0/8", "{name}:{port}", "127.0.0.1:{port}"])
def test_an_allowed_name_or_network_is_asked(allowed, server, way):
    url = f"https://{NAME}:{server.port}/"
    assert code_of(lambda: fetch(url, way())) == "outward.refused_address"
    assert not server.asked
    assert fetch(url, way(allowed.format(name=NAME, port=server.port))) == b"hello"


@pytest.mark.parametrize(
    "allowed", ["other.studio.test", "studio.test", "127.0.0.2", "10.0.0.0/8", f"{NAME}:1", "127.0.0.1:1", "::1"]
)
def test_another_word_allows_nothing(allowed, server, way):
    url = f"https://{NAME}:{server.port}/"
    assert code_of(lambda: fetch(url, way(allowed))) == "outward.refused_address"
    assert not server.asked
    assert fetch(url, way(NAME)) == b"hello"


def test_localhost_is_asked_when_it_is_written(server, way):
    url = f"https://localhost:{server.port}/"
    assert code_of(lambda: fetch(url, way("127.0.0.0/8"))) == "outward.refused_address"
    assert fetch(url, way("localhost")) == b"hello"


def test_ipv6_is_asked_when_it_is_allowed(serve, way, authority):
    server = serve(authority.issue("::1", NAME), socket.AF_INET6)
    assert code_of(lambda: fetch(f"https://[::1]:{server.port}/", way())) == "outward.refused_address"
    assert fetch(f"https://[::1]:{server.port}/", way("::1")) == b"hello"
    assert fetch(f"https://{NAME}:{server.port}/", way(f"[::1]:{server.port}", resolve=lambda *_: ["::1"])) == b"hello"


@pytest.mark.parametrize("address", sorted(str(one) for one in METADATA))
def test_a_clouds_metadata_needs_a_word_of_its_own(address, way):
    place, at = outward.judge(f"https://{NAME}/", way()), ipaddress.ip_address(address)
    for allowed in ((NAME,), ("0.0.0.0/0", "::/0"), ("169.254.0.0/16", "fc00::/7")):
        assert not permitted(place, at, way(*allowed).allowed)
    assert permitted(place, at, way(address).allowed)


@pytest.mark.parametrize("address", ["169.254.7.7", "224.0.0.1", f"0.0.0.{0}", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_an_allowed_name_leads_only_inside(address, way):
    place, at = outward.judge(f"https://{NAME}/", way()), ipaddress.ip_address(address)
    assert not permitted(place, at, way(NAME).allowed)
    assert permitted(place, ipaddress.ip_address("10.1.1.1"), way(NAME).allowed)


def test_what_a_mapped_address_carries_is_judged_too(way):
    place = outward.judge(f"https://{NAME}/", way())
    translated, private = ipaddress.ip_address("64:ff9b::8.8.8.8"), ipaddress.ip_address("64:ff9b::10.0.0.1")
    assert not permitted(place, translated, way().allowed)
    assert permitted(place, translated, way("64:ff9b::/96").allowed)
    assert not permitted(place, private, way("64:ff9b::/96").allowed)
    assert permitted(place, private, way("64:ff9b::/96", "10.0.0.0/8").allowed)


# --- names -----------------------------------------------------------------------------------------------------------------


def test_a_name_is_resolved_once_and_the_connection_goes_where_it_was_judged(server, way):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    assert fetch(f"https://{NAME}:{server.port}/", way("127.0.0.1", resolve=rebinding)) == b"hello"
    assert asked == [NAME]


def test_a_name_that_turns_private_between_two_requests_is_refused(server, way):
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    session = outward.Session(way("127.0.0.1", resolve=lambda *_: next(answers)))
    assert session.get(f"https://{NAME}:{server.port}/").content == b"hello"
    assert code_of(lambda: session.get(f"https://{NAME}:{server.port}/")) == "outward.refused_address"
    assert len(server.asked) == 1


def test_a_name_that_leads_also_to_a_private_address_leads_nowhere(server, way):
    url = f"https://{NAME}:{server.port}/"
    for both in (["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1", "no address"]):
        assert code_of(lambda both=both: fetch(url, way("127.0.0.1", resolve=lambda *_: both))) == "outward.refused_address"
    assert not server.asked
    assert fetch(url, way("127.0.0.0/8", resolve=lambda *_: ["127.0.0.9", "127.0.0.1"])) == b"hello"


def test_a_name_that_nobody_knows_fails(way):
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert code_of(lambda: fetch(f"https://{NAME}/", way(resolve=unknown))) == "outward.failed"
    assert code_of(lambda: fetch(f"https://{NAME}/", way(resolve=lambda *_: []))) == "outward.failed"


def test_the_name_is_what_is_sent_and_verified(serve, server, authority, way, tmp_path):
    url = f"https://{NAME}:{server.port}/"
    assert fetch(url, way(NAME)) == b"hello"
    assert server.asked[0][1]["Host"] == f"{NAME}:{server.port}"
    other = serve(authority.issue("other.studio.test"))
    expired = serve(authority.issue(NAME, ends=now() - DAY))
    foreign = serve(Authority(tmp_path / "foreign").issue(NAME))
    for wrong in (other, expired, foreign):
        with pytest.raises(NotReached) as refused:
            fetch(f"https://{NAME}:{wrong.port}/", way(NAME))
        assert (refused.value.code, refused.value.facts["why"]) == ("outward.failed", "certificate")
        assert not wrong.asked


def test_no_caller_switches_the_certificate_off(server, way, authority):
    url = f"https://{NAME}:{server.port}/"
    trusting = Way(allowed=words((NAME,)), resolve=lambda *_: ["127.0.0.1"])
    assert code_of(lambda: outward.Session(trusting).get(url, verify=False)) == "outward.failed"
    assert code_of(lambda: outward.Session(trusting).get(url, verify=str(authority.file))) == "outward.failed"
    assert outward.Session(way(NAME)).get(url).content == b"hello"


# --- answers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["redirect", "permanent"])
@pytest.mark.parametrize(
    "target", ["https://127.0.0.1:{}/", "http://169.254.169.254/", f"https://{NAME}:{{}}/", "/", "file:///etc/passwd"]
)
def test_no_redirect_is_followed(path, target, server, way):
    server.redirect_to = target.format(server.port)
    url = f"https://{NAME}:{server.port}/"
    assert code_of(lambda: fetch(url + path, way(NAME))) == "outward.redirect"
    assert code_of(lambda: outward.Session(way(NAME)).get(url + path, allow_redirects=True)) == "outward.redirect"
    assert [path for path, _ in server.asked] == [f"/{path}"] * 2
    assert fetch(url, way(NAME)) == b"hello"


@pytest.mark.parametrize("path", ["large", "endless", "bomb"])
def test_a_large_answer_is_cut_off(path, server, way):
    url = f"https://{NAME}:{server.port}/"
    assert code_of(lambda: fetch(url + path, way(NAME, largest=4096))) == "outward.too_large"
    assert fetch(url + "exact", way(NAME, largest=4096)) == b"x" * 4096


@pytest.mark.parametrize("path", ["drip", "silent", "headers"])
def test_a_slow_answer_is_cut_off(path, server, way):
    url = f"https://{NAME}:{server.port}/"
    begin = time.monotonic()
    assert code_of(lambda: fetch(url + path, way(NAME, seconds=0.5))) == "outward.timeout"
    assert time.monotonic() - begin < 1.5
    assert fetch(url, way(NAME, seconds=5)) == b"hello"


def test_a_slow_handshake_and_a_slow_resolver_are_cut_off(way):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://{NAME}:{mute.getsockname()[1]}/"
        assert code_of(lambda: fetch(url, way(NAME, seconds=0.3))) == "outward.timeout"
    begin = time.monotonic()
    slow = way(NAME, seconds=0.3, resolve=lambda *_: time.sleep(2) or ["127.0.0.1"])
    assert code_of(lambda: fetch(f"https://{NAME}/", slow)) == "outward.timeout"
    assert time.monotonic() - begin < 1.0


def test_a_closed_door_and_no_tls_fail(serve, way):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert code_of(lambda: fetch(f"https://{NAME}:{port}/", way(NAME))) == "outward.failed"
    assert code_of(lambda: fetch(f"https://{NAME}:{serve().port}/", way(NAME))) == "outward.failed"


def test_what_was_answered_stands_in_no_message(server, way):
    with pytest.raises(NotReached) as refused:
        fetch(f"https://{NAME}:{server.port}/secret", way(NAME))
    assert refused.value.facts == {"why": "status", "status": 500}
    assert "the-body" not in f"{refused.value!r} {refused.value}"
    assert outward.Session(way(NAME)).get(f"https://{NAME}:{server.port}/secret").status_code == 500


# --- what takes no part ---------------------------------------------------------------------------------------------------


def test_no_proxy_netrc_or_bundle_of_the_environment(serve, server, way, monkeypatch, tmp_path):
    proxy = serve()
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {NAME} login someone password secret\n", encoding="utf-8")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(netrc))
    session = outward.Session(way(NAME))
    assert session.get(f"https://{NAME}:{server.port}/").content == b"hello"
    assert session.get(f"https://{NAME}:{server.port}/", proxies={"https": f"http://127.0.0.1:{proxy.port}"}).content == b"hello"
    assert not proxy.asked
    assert all("Authorization" not in headers for _, headers in server.asked)


def test_no_cookie_is_kept(server, way):
    session = outward.Session(way(NAME))
    session.get(f"https://{NAME}:{server.port}/")
    session.get(f"https://{NAME}:{server.port}/")
    assert len(server.asked) == 2
    assert all("Cookie" not in headers for _, headers in server.asked)


def test_a_form_and_headers_arrive(server, way):
    url = f"https://{NAME}:{server.port}/token"
    assert post(url, {"code": "a b", "grant": "x"}, way(NAME)) == b"posted:code=a+b&grant=x"
    outward.Session(way(NAME)).get(url, headers={"Authorization": "Bearer abc"}, params={"q": "1"})
    assert server.asked[-1][0] == "/token?q=1"
    assert server.asked[-1][1]["Authorization"] == "Bearer abc"


def test_libraries_take_our_refusal_for_one_of_requests(way):
    with pytest.raises(requests.RequestException):
        outward.Session(way()).get("https://127.0.0.1/")


# --- the operator's words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["a/b", "10.0.0.1/8", "a b", "http://idp.test", "http://10.0.0.0/8", "https://idp.test", "a@b",
                                  "*.studio.test", "10.0.0.256", "idp.test:x", "300.1.1.1/8", "127.1"])  # fmt: skip
def test_a_word_that_nobody_understands_is_named(word):
    with pytest.raises(ValueError, match="is no host"):
        words((word,))


def test_the_installation_says_what_is_allowed(server, authority):
    url = f"https://127.0.0.1:{server.port}/"
    assert code_of(lambda: fetch(url)) == "outward.refused_address"
    with override_settings(OUTWARD_ALLOWED=[f"127.0.0.1:{server.port}"], OUTWARD_CA=str(authority.file)):
        assert fetch(url) == b"hello"


def test_a_wrong_word_or_file_stops_the_start(tmp_path, authority):
    with override_settings(OUTWARD_CA=str(authority.file), OUTWARD_ALLOWED=["10.0.0.0/8"]):
        refuse_unsafe_settings()
    with override_settings(OUTWARD_CA=str(tmp_path / "missing.pem")), pytest.raises(WrongSetting, match="GUILDHALL_OUTWARD_CA"):
        refuse_unsafe_settings()
    with override_settings(OUTWARD_ALLOWED=["10.0.0.1/8"]), pytest.raises(WrongSetting, match="GUILDHALL_ALLOWED_ADDRESSES"):
        refuse_unsafe_settings()
