"""What is kept of RFC 7643's User and Group: the schemas as they are published, and resources in and out of rows.

An attribute that the directory sends and that is not kept here is taken without a word, as RFC 7644 asks of what a
service does not support. What is published is exactly what is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from scim2_models import (
    URI,
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    ResourceType,
    Returned,
    Schema,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.schema import Attribute

from access.models import Group, GroupMember, User
from access.scim.errors import bad
from access.scim.filters import Attributes, Complex, Fixed, Moment, Text, Truth, is_text, truth_of
from access.services.provisioning import ProvisionedGroup, ProvisionedPerson

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
MOST_RESULTS: Final = 200
USUAL_RESULTS: Final = 100
_TYPE: Final = Attribute.Type


def _attribute(name: str, text: str, kind: Any = _TYPE.string, **said: Any) -> Attribute:
    usual: dict[str, Any] = {
        "multi_valued": False, "required": False, "mutability": Mutability.read_write, "returned": Returned.default,
    }  # fmt: skip
    if kind == _TYPE.string:
        usual |= {"case_exact": False, "uniqueness": Uniqueness.none}
    return Attribute(name=name, type=kind, description=text, **(usual | said))


_OF_USER: Final = (
    _attribute(
        "userName", "The directory's name for the person; compared without case.", required=True, uniqueness=Uniqueness.server
    ),
    _attribute("name", "The parts of the person's name.", _TYPE.complex, sub_attributes=[
        _attribute("formatted", "Given and family name, as one.", mutability=Mutability.read_only, returned=Returned.request),
        _attribute("familyName", "The family name."),
        _attribute("givenName", "The given name."),
    ]),
    _attribute("displayName", "What the person is called here; made of the others when it is not sent.", required=True),
    _attribute("active", "Whether the person may do anything; true when it is not sent.", _TYPE.boolean, required=True),
    _attribute(
        "emails", "The person's one address: the primary one, else the one of work, else the first.", _TYPE.complex,
        multi_valued=True, required=True, sub_attributes=[
            _attribute("value", "The address.", required=True),
            _attribute("type", "Always work.", canonical_values=["work"]),
            _attribute(
                "primary", "Always true.", _TYPE.boolean, mutability=Mutability.read_only, returned=Returned.request
            ),
        ],
    ),
    _attribute(
        "groups", "The provisioned groups that the person is in.", _TYPE.complex, multi_valued=True,
        mutability=Mutability.read_only, sub_attributes=[
            _attribute("value", "The group's id.", mutability=Mutability.read_only, case_exact=True),
            _attribute("$ref", "The group.", _TYPE.reference, mutability=Mutability.read_only, reference_types=["Group"]),
            _attribute("display", "The group's name.", mutability=Mutability.read_only),
            _attribute("type", "Always direct.", mutability=Mutability.read_only, canonical_values=["direct"]),
        ],
    ),
)  # fmt: skip
_OF_GROUP: Final = (
    _attribute("displayName", "The group's name; compared without case.", required=True, uniqueness=Uniqueness.server),
    _attribute("members", "The people in it; no groups.", _TYPE.complex, multi_valued=True, sub_attributes=[
        _attribute("value", "The person's id.", mutability=Mutability.immutable, case_exact=True),
        _attribute("$ref", "The person.", _TYPE.reference, mutability=Mutability.immutable, reference_types=["User"]),
        _attribute("type", "Always User.", mutability=Mutability.immutable, canonical_values=["User"]),
    ]),
)  # fmt: skip


# What RFC 7643 knows of a person, with its extension for enterprises, and we do not keep.
_NOT_KEPT: Final = frozenset({
    "nickname", "profileurl", "title", "usertype", "preferredlanguage", "locale", "timezone", "password", "phonenumbers", "ims",
    "photos", "addresses", "entitlements", "roles", "x509certificates",
})  # fmt: skip
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
# Sent when they are asked for by their full names.
ON_REQUEST: Final = frozenset({"name.formatted", "emails.primary"})
READ_ONLY: Final = frozenset({"id", "meta", "schemas", "groups"})


@dataclass(frozen=True)
class Kind:
    """A kind of resource: its address, its schema, what filters and patches of it may name (in lower case)."""

    name: str
    urn: str
    attributes: Attributes
    sorts: Mapping[str, str]
    simple: Mapping[str, str]
    nested: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    several: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    not_kept: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """Return where its resources are, below the base."""
        return f"{self.name}s"


def _rows_of(key: str) -> Any:
    def wrap(met: Q) -> Q:
        rows = GroupMember.objects.annotate(
            user_text=Cast("user_id", CharField()), group_text=Cast("group_id", CharField())
        ).filter(met, group__is_provisioned=True, **{key: OuterRef("pk")})
        return Q(Exists(rows))

    return wrap


_META: Final = {"created": Moment("created"), "lastmodified": Moment("changed")}
_IN_GROUPS, _WITH_MEMBERS = _rows_of("user_id"), _rows_of("group_id")
USERS: Final = Kind(
    name="User",
    urn=USER,
    attributes=Attributes(USER, {
        "id": Text("id_text", is_exact=True),
        "externalid": Text("external_id", is_exact=True),
        "username": Text("known_as"),
        "displayname": Text("display_name"),
        "name": Complex(
            {"givenname": Text("given_name"), "familyname": Text("family_name")},
            there=~Q(given_name="") | ~Q(family_name=""),
        ),
        "active": Truth("is_active"),
        "emails": Complex({"value": Text("email"), "type": Fixed("work"), "primary": Fixed(value=True)}),
        "groups": Complex(
            {"value": Text("group_text", is_exact=True), "display": Text("group__name"), "type": Fixed("direct")},
            wrap=_IN_GROUPS, there=_IN_GROUPS(Q()),
        ),
        "meta": Complex({**_META, "resourcetype": Fixed("User")}),
    }),
    sorts={
        "id": "id", "externalid": "external_id", "username": "known_as", "displayname": "display_name",
        "name.givenname": "given_name", "name.familyname": "family_name", "emails": "email", "emails.value": "email",
        "meta.created": "created", "meta.lastmodified": "changed", "active": "is_active",
    },
    simple={"username": "userName", "displayname": "displayName", "externalid": "externalId", "active": "active"},
    nested={"name": {"givenname": "givenName", "familyname": "familyName", "formatted": "formatted"}},
    several={"emails": {"value": "value", "type": "type", "primary": "primary", "display": "display"}},
    not_kept=_NOT_KEPT,
)  # fmt: skip
GROUPS: Final = Kind(
    name="Group",
    urn=GROUP,
    attributes=Attributes(GROUP, {
        "id": Text("id_text", is_exact=True),
        "externalid": Text("external_id", is_exact=True),
        "displayname": Text("name"),
        "members": Complex(
            {"value": Text("user_text", is_exact=True), "type": Fixed("User")}, wrap=_WITH_MEMBERS, there=_WITH_MEMBERS(Q())
        ),
        "meta": Complex({**_META, "resourcetype": Fixed("Group")}),
    }),
    sorts={
        "id": "id", "externalid": "external_id", "displayname": "name", "meta.created": "created", "meta.lastmodified": "changed",
    },
    simple={"displayname": "displayName", "externalid": "externalId"},
    several={"members": {"value": "value", "type": "type", "$ref": "$ref", "display": "display"}},
)  # fmt: skip
KINDS: Final = (USERS, GROUPS)


# --- what a resource says, as rows keep it


def person_in(said: Mapping[str, Any], *, is_active: bool = True) -> ProvisionedPerson:
    """Return the person of a resource. Raises ScimError (invalidValue)."""
    known = lowered(said)
    name = known.get("name")
    parts = lowered(name) if isinstance(name, Mapping) else {}
    user_name = _text(known, "userName")
    given, family = _text(parts, "givenName"), _text(parts, "familyName")
    whole = " ".join(part for part in (given, family) if part)
    active = known.get("active")
    return ProvisionedPerson(
        user_name=user_name,
        email=_address_in(known.get("emails"), user_name).lower(),
        display_name=_text(known, "displayName") or _text(parts, "formatted") or whole or user_name,
        external_id=_text(known, "externalId"), given_name=given, family_name=family,
        is_active=is_active if active is None else _truth(active),
    )  # fmt: skip


def group_in(said: Mapping[str, Any]) -> ProvisionedGroup:
    """Return the group of a resource. Raises ScimError (invalidValue)."""
    known = lowered(said)
    return ProvisionedGroup(
        name=_text(known, "displayName"), external_id=_text(known, "externalId"), members=frozenset(ids_in(known.get("members")))
    )


def ids_in(said: Any) -> list[UUID]:
    """Return the ids of members, as a list of values, a value, or an id alone. Raises ScimError (invalidValue)."""
    found: list[UUID] = []
    for one in [] if said is None else said if isinstance(said, list) else [said]:
        value = lowered(one).get("value") if isinstance(one, Mapping) else one
        if isinstance(one, Mapping) and str(lowered(one).get("type") or "User").lower() != "user":
            raise bad("invalidValue", "A group has people as members, no groups.")
        try:
            found.append(UUID(value))
        except (ValueError, TypeError, AttributeError):
            raise bad("invalidValue", "A member is no person who is provisioned here.") from None
    return found


def lowered(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource with its names in lower case, by which they are compared."""
    return {str(name).lower(): value for name, value in said.items()}


def _text(known: Mapping[str, Any], name: str) -> str:
    value = known.get(name.lower())
    if value is None:
        return ""
    if not isinstance(value, str) or not is_text(value):
        raise bad("invalidValue", f"{name} is no text.")
    return value.strip()


def _truth(value: Any) -> bool:
    found = truth_of(value)
    if found is None:
        raise bad("invalidValue", "active is true or false.")
    return found


def _address_in(said: Any, user_name: str) -> str:
    values = [one for one in ([] if said is None else said if isinstance(said, list) else [said]) if one]
    given = [lowered(one) if isinstance(one, Mapping) else {"value": one} for one in values]
    there = [one for one in given if one.get("value") not in (None, "")]
    there.sort(key=lambda one: (truth_of(one.get("primary")) is not True, str(one.get("type") or "").lower() != "work"))
    if there:
        return _text(there[0], "value")
    if "@" in user_name:
        return user_name
    raise bad("invalidValue", "A person needs an e-mail address, in emails or as the userName.")


# --- rows, as resources


def version_of(row: User | Group) -> str:
    """Return the weak entity tag of a row: when it was changed."""
    return f'W/"{int(row.changed.timestamp() * 1_000_000):x}"'


def user_said(user: Any, groups: Iterable[tuple[UUID, str]], base: str) -> dict[str, Any]:
    """Return a person as a resource; `user` has been read by `provisioning.people`, or has just been written."""
    parts = {"givenName": user.given_name, "familyName": user.family_name}
    parts["formatted"] = " ".join(part for part in (user.given_name, user.family_name) if part)
    return {
        "schemas": [USER], "id": str(user.pk), **_given(externalId=user.external_id),
        "userName": user.user_name or user.email, **_given(name=_given(**parts)), "displayName": user.display_name,
        "active": user.is_active, "emails": [{"value": user.email, "type": "work", "primary": True}],
        **_given(groups=[
            {"value": str(group), "$ref": f"{base}/Groups/{group}", "display": name, "type": "direct"} for group, name in groups
        ]),
        "meta": _meta(user, USERS, base),
    }  # fmt: skip


def group_said(group: Group, members: Iterable[UUID], base: str) -> dict[str, Any]:
    """Return a group as a resource."""
    return {
        "schemas": [GROUP], "id": str(group.pk), **_given(externalId=group.external_id), "displayName": group.name,
        **_given(members=[{"value": str(one), "$ref": f"{base}/Users/{one}", "type": "User"} for one in members]),
        "meta": _meta(group, GROUPS, base),
    }  # fmt: skip


def _given(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}


def _meta(row: User | Group, kind: Kind, base: str) -> dict[str, Any]:
    return {
        "resourceType": kind.name, "created": row.created.isoformat(), "lastModified": row.changed.isoformat(),
        "location": f"{base}/{kind.path}/{row.pk}", "version": version_of(row),
    }  # fmt: skip


# --- what the service says of itself


def schemas(base: str) -> list[dict[str, Any]]:
    """Return the schemas that are kept."""
    said = (
        Schema(id=USER, name="User", description="A person of the studio.", attributes=list(_OF_USER)),
        Schema(id=GROUP, name="Group", description="People who are granted roles together.", attributes=list(_OF_GROUP)),
    )
    return [_dumped(one, "Schema", f"{base}/Schemas/{one.id}") for one in said]


def resource_types(base: str) -> list[dict[str, Any]]:
    """Return the kinds of resources."""
    said = [
        ResourceType(
            id=kind.name, name=kind.name, description=f"{kind.name}s", endpoint=Reference[URI](f"/{kind.path}"),
            schema=Reference[URI](kind.urn),
        )
        for kind in KINDS
    ]  # fmt: skip
    return [_dumped(one, "ResourceType", f"{base}/ResourceTypes/{one.id}") for one in said]


def provider_config(base: str) -> dict[str, Any]:
    """Return what is supported."""
    said = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        pagination=Pagination(cursor=False, index=True, default_page_size=USUAL_RESULTS, max_page_size=MOST_RESULTS),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken, name="Provisioning token",
                description="A token of this studio, made under Settings → Provisioning.", primary=True,
            ),
        ],
    )  # fmt: skip
    return _dumped(said, "ServiceProviderConfig", f"{base}/ServiceProviderConfig")


def _dumped(said: Any, kind: str, location: str) -> dict[str, Any]:
    dumped: dict[str, Any] = said.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return dumped | {"meta": {"resourceType": kind, "location": location}}
