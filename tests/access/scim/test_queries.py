"""Lists and searches: filters, order, pages and attributes (RFC 7644, 3.4.2 and 3.9)."""

import json
from urllib.parse import quote

import pytest

from tests.access.scim.conftest import directory_of
from tests.access.scim.saying import is_error
from tests.factories.studio import found

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
NEVER = "2001-01-01T00:00:00Z"
# Ann Lee and Bo Roe are of the directory; the cast is not, and left out of what is met by `externalId pr`.
MET = {
    'userName eq "ANN@example.com"': "ann",
    'userName ne "ann@example.com"': "bo",
    'userName co "@EXAMPLE"': "ann bo",
    'userName sw "a"': "ann",
    'username ew "o@example.com"': "bo",
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bo"': "bo",
    'userName gt "b"': "bo",
    'userName lt "b"': "ann",
    'userName ge "Ann@example.com" and userName le "ann@example.com"': "ann",
    'externalId eq "E1"': "ann",
    'externalId eq "e1"': "",
    'externalId gt "E1"': "bo",
    "name pr": "ann",
    "not (name pr)": "bo",
    'name.givenName eq "ann"': "ann",
    'name.givenName ne "ann"': "bo",
    "name.familyName eq null": "bo",
    "name.familyName ne null": "ann",
    'displayName eq ""': "",
    "active eq true": "ann",
    'active eq "False"': "bo",
    "active ne true": "bo",
    "active pr": "ann bo",
    'emails eq "ann@example.com"': "ann",
    'emails.value co "bo"': "bo",
    'emails[type eq "work" and value sw "ann"]': "ann",
    'emails[type eq "home"]': "",
    'emails[not (value sw "ann")]': "bo",
    "emails[primary eq true]": "ann bo",
    "emails pr": "ann bo",
    "groups pr": "ann",
    'groups.display eq "artists"': "ann",
    'groups[display eq "artists" and type eq "direct"]': "ann",
    'not (groups.display eq "artists")': "bo",
    f'meta.created gt "{NEVER}"': "ann bo",
    f'meta.lastModified lt "{NEVER}"': "",
    f'not (meta.created le "{NEVER}")': "ann bo",
    'meta.resourceType eq "User"': "ann bo",
    'meta.resourceType eq "Group"': "",
    'userName sw "a" or userName sw "b"': "ann bo",
    'userName sw "a" or userName sw "b" and active eq false': "ann bo",
    '(userName sw "a" or userName sw "b") and active eq false': "bo",
    'userName sw "a" AND NOT (active eq false)': "ann",
    'userName co "%"': "",
    'userName co "_"': "",
    'userName eq "\\u0061nn@example.com"': "ann",
    'displayName eq "x\' OR 1=1 --"': "",
}
REFUSED = [
    "userName", "userName eq", 'eq "x"', 'userName = "x"', 'userName eq "x', "userName eq x", "userName eq 'x'",
    "(userName pr", "userName pr)", "not userName pr", 'userName eq "x" and', "emails[", "emails[]", "emails[type pr",
    'name[formatted eq "x"]', 'shoeSize eq "5"', "password pr", 'password sw "a"', 'kind eq "person"', 'tenant_id eq "x"',
    'user__tenant_id eq "x"', 'emails.user eq "x"', 'userName.value eq "x"', "userName eq 5", "userName eq true",
    "active gt true", 'active eq "x"', "active eq null", 'meta.created co "2"', 'meta.created eq "yesterday"',
    "meta.created eq 5", 'meta.location eq "x"', "meta.version pr", "userName gt null", "\x00", 'userName eq "\\u0000"',
    'userName eq "\\ud800"', 'urn:example:User:userName eq "x"', "userName eq 1e", "(" * 40 + "userName pr" + ")" * 40,
    " or ".join(["userName pr"] * 100), 'userName eq "' + "x" * 5000 + '"', 'emails[type eq "work"].value eq "x"',
    "groups.user_id pr",
]  # fmt: skip


@pytest.fixture(scope="module")
def own(keeper):
    made = directory_of(found("Queried"))
    ann = made.person("ann", externalId="E1", name={"givenName": "Ann", "familyName": "Lee"})
    made.person("bo", externalId="E2", active=False)
    made.group("Artists", ann["id"], externalId="G1")
    made.group("Trainers", externalId="G2")
    return made


def by(text):
    return f"?filter={quote(text, safe='')}"


def met(own, text):
    return " ".join(one.partition("@")[0] for one in own.names(by(f"externalId pr and ({text})")))


@pytest.mark.parametrize("text", MET)
def test_a_filter_finds_who_meets_it(own, text):
    assert met(own, text) == MET[text]


@pytest.mark.parametrize("text", REFUSED)
def test_a_filter_that_cannot_be_is_refused(own, text):
    is_error(own.get("/Users" + by(text)), 400, "invalidFilter")


def test_a_filter_by_id_finds_one(own):
    [ann] = own.get("/Users" + by('externalId eq "E1"')).json()["Resources"]
    assert own.names(by("id eq " + json.dumps(ann["id"]))) == ["ann@example.com"]
    assert own.names(by('id eq "nothing"')) == []
    for text, names in (
        ("members eq " + json.dumps(ann["id"]), ["Artists"]), ("members[value eq " + json.dumps(ann["id"]) + "]", ["Artists"]),
        ("members pr", ["Artists"]),
        ("not (members pr)", ["Trainers"]), ('displayName eq "TRAINERS"', ["Trainers"]), ('externalId eq "G1"', ["Artists"]),
    ):  # fmt: skip
        assert [one["displayName"] for one in own.get("/Groups" + by(text)).json()["Resources"]] == names


def test_pages_begin_at_one(own):
    total = own.get("/Users").json()["totalResults"]
    assert total == 7  # the cast of five, and two
    seen = []
    for start in range(1, total + 1, 3):
        page = own.get(f"/Users?startIndex={start}&count=3").json()
        assert (page["schemas"], page["totalResults"], page["startIndex"]) == ([LIST], total, start)
        assert page["itemsPerPage"] == len(page["Resources"]) <= 3
        seen += [one["id"] for one in page["Resources"]]
    assert len(set(seen)) == len(seen) == total
    for query, many in (
        ("?count=0", 0),
        ("?count=-5", 0),
        ("?startIndex=-9&count=1", 1),
        ("?startIndex=99", 0),
        ("?count=99999", 7),
    ):
        page = own.get(f"/Users{query}").json()
        assert (page["totalResults"], len(page["Resources"])) == (total, many), query
    for query in ("?count=x", "?startIndex=1.5", "?startIndex=" + "9" * 5000):
        assert own.get(f"/Users{query}").status_code in {200, 400}
    is_error(own.get("/Users?count=x"), 400, "invalidValue")


def test_lists_are_sorted(own):
    of_directory = by("externalId pr")
    assert own.names(of_directory + "&sortBy=userName") == ["ann@example.com", "bo@example.com"]
    assert own.names(of_directory + "&sortBy=userName&sortOrder=descending") == ["bo@example.com", "ann@example.com"]
    assert own.names(of_directory + "&sortBy=name.familyName&sortOrder=descending")[0] == "ann@example.com"
    is_error(own.get("/Users?sortBy=password"), 400, "invalidPath")


def test_only_what_is_asked_for_is_sent(own):
    where = "/Users" + by('externalId eq "E1"')

    def keys(query):
        [one] = own.get(f"{where}&{query}").json()["Resources"]
        return one

    assert keys("attributes=userName").keys() == {"schemas", "id", "userName"}
    assert keys("attributes=USERNAME,name.givenName")["name"] == {"givenName": "Ann"}
    assert keys("attributes=name.formatted")["name"] == {"formatted": "Ann Lee"}
    assert keys("attributes=urn:ietf:params:scim:schemas:core:2.0:User:active").keys() == {"schemas", "id", "active"}
    assert keys("attributes=emails.value,emails.primary")["emails"] == [{"value": "ann@example.com", "primary": True}]
    assert keys("attributes=emails.value")["emails"] == [{"value": "ann@example.com"}]
    assert not {"emails", "meta"} & keys("excludedAttributes=emails,meta,id").keys()
    assert keys("excludedAttributes=id")["id"]
    assert "givenName" not in keys("excludedAttributes=name.givenName")["name"]
    is_error(own.get("/Users?attributes=id&excludedAttributes=meta"), 400, "invalidValue")


def test_a_search_is_a_query_in_a_body(own):
    def search(path, **said):
        return own.post(f"{path}/.search", {"schemas": [SEARCH], **said})

    everything = search("").json()
    assert everything["totalResults"] == 9
    assert [one["meta"]["resourceType"] for one in everything["Resources"]] == ["User"] * 7 + ["Group"] * 2
    across = search("", startIndex=7, count=2, attributes=["displayName"]).json()["Resources"]
    assert [sorted(one) for one in across] == [["displayName", "id", "schemas"]] * 2
    assert search("", filter='displayName eq "artists" or userName sw "ann"').json()["totalResults"] == 1
    assert search("", filter='externalId sw "G"').json()["totalResults"] == 2
    assert search("/Users", filter='userName sw "ann"').json()["totalResults"] == 1
    assert search("/Groups", sortBy="displayName", sortOrder="descending").json()["Resources"][0]["displayName"] == "Trainers"
    assert own.get("/").json()["totalResults"] == 9
    is_error(search("", filter='shoeSize eq "x"'), 400, "invalidFilter")
    is_error(search("", filter=5), 400, "invalidValue")
    is_error(search("", attributes=[5]), 400, "invalidValue")
    is_error(own.post("/.search", {}), 400, "invalidSyntax")


def test_the_service_says_what_it_supports(own):
    config = own.get("/ServiceProviderConfig").json()
    supported = {name: config[name]["supported"] for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")}
    assert supported == {"patch": True, "bulk": False, "filter": True, "changePassword": False, "sort": True, "etag": True}
    assert config["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    for path, named in (("/Schemas", "urn:ietf:params:scim:schemas:core:2.0:User"), ("/ResourceTypes", "Group")):
        assert named in {one["id"] for one in own.get(path).json()["Resources"]}
        assert own.get(f"{path}/{named}").json()["id"] == named
        is_error(own.get(f"{path}/other"), 404)
        is_error(own.get(f"{path}?filter=id pr"), 403)
        is_error(own.post(path, {}), 405)
    for path in ("/Me", "/Bulk"):
        is_error(own.get(path), 501)
        is_error(own.post(path, {}), 501)
    is_error(own.get("/Devices"), 404)
    is_error(own.get("/Users/a/b"), 404)
