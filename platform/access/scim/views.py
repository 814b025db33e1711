"""The addresses of SCIM: people, groups, searches, and what the service says of itself."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from access.models import Group, User
from access.scim.errors import ScimError, bad
from access.scim.http import ScimView, check_unchanged, is_known, wanted_in
from access.scim.patch import operations_in, patched
from access.scim.querying import listed, rows_of, said_of, sought_in
from access.scim.schemas import (
    GROUPS,
    KINDS,
    SEARCH,
    USERS,
    Kind,
    group_in,
    group_said,
    lowered,
    person_in,
    provider_config,
    resource_types,
    schemas,
    user_said,
    version_of,
)
from access.services import provisioning
from access.services.provisioning import ProvisionedGroup, ProvisionedPerson
from kernel.errors import NotFound


class KindView(ScimView):
    """A view of one kind of resource."""

    kind: ClassVar[Kind]

    def answer(self, row: User | Group, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """Return a resource with its place and version, in the scope that is open."""
        [said] = said_of(self.kind, [row], wanted_in(self.request.query_params), self.base)
        place = f"{self.base}/{self.kind.path}/{row.pk}"
        headers = {"ETag": version_of(row), "Location": place, "Content-Location": place}
        return Response(said, status=int(status), headers=headers)

    def written(self, row: User | Group, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """Return what a deed has written, read in a scope of its own."""
        with self.actor.reading():
            return self.answer(rows_of(self.kind).get(pk=row.pk), status=status)


class CollectionView(KindView):
    """All resources of one kind."""

    def get(self, request: Request) -> Response:
        """List what meets a filter."""
        return Response(listed((self.kind,), sought_in(request.query_params), self.base))

    def post(self, request: Request) -> Response:
        """Make a resource."""
        wanted_in(request.query_params)
        return self.written(self.create(self.said), status=HTTPStatus.CREATED)

    def create(self, said: dict[str, Any]) -> User | Group:
        """Make the row."""
        raise NotImplementedError


class ResourceView(KindView):
    """One resource."""

    def get(self, request: Request, resource: str) -> Response:
        """Return it, or that the client has it already."""
        row = rows_of(self.kind).filter(pk=_id(resource)).first()
        if row is None:
            raise NotFound
        if is_known(request, row):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": version_of(row)})
        return self.answer(row)


class UsersView(CollectionView):
    """The studio's people."""

    kind = USERS

    def create(self, said: dict[str, Any]) -> User:
        """Add a person."""
        return provisioning.create_person(self.actor, wanted=person_in(said))


class UserView(ResourceView):
    """One person."""

    kind = USERS

    def put(self, request: Request, resource: str) -> Response:
        """Replace what the directory says of her; whether she is active stays when it is not said."""
        wanted_in(request.query_params)

        def change(user: User) -> ProvisionedPerson:
            check_unchanged(request, user)
            return person_in(self.said, is_active=user.is_active)

        return self.written(provisioning.change_person(self.actor, person=_id(resource), change=change))

    def patch(self, request: Request, resource: str) -> Response:
        """Change some of it."""
        wanted_in(request.query_params)
        operations = operations_in(self.said)

        def change(user: User) -> ProvisionedPerson:
            check_unchanged(request, user)
            return person_in(patched(user_said(user, (), ""), operations, USERS), is_active=user.is_active)

        return self.written(provisioning.change_person(self.actor, person=_id(resource), change=change))

    def delete(self, request: Request, resource: str) -> Response:
        """Suspend her for good; from here on SCIM does not know her."""
        provisioning.remove_person(self.actor, person=_id(resource), check=lambda user: check_unchanged(request, user))
        return Response(status=HTTPStatus.NO_CONTENT)


class GroupsView(CollectionView):
    """The groups that provisioning keeps."""

    kind = GROUPS

    def create(self, said: dict[str, Any]) -> Group:
        """Make a group."""
        return provisioning.create_group(self.actor, wanted=group_in(said))


class GroupView(ResourceView):
    """One group."""

    kind = GROUPS

    def put(self, request: Request, resource: str) -> Response:
        """Replace the group; members that are not named leave it."""
        wanted_in(request.query_params)
        said = group_in(self.said)

        def change(group: Group, members: frozenset[UUID]) -> ProvisionedGroup:
            del members
            check_unchanged(request, group)
            return said

        return self.written(provisioning.change_group(self.actor, group=_id(resource), change=change))

    def patch(self, request: Request, resource: str) -> Response:
        """Change some of it."""
        wanted_in(request.query_params)
        operations = operations_in(self.said)

        def change(group: Group, members: frozenset[UUID]) -> ProvisionedGroup:
            check_unchanged(request, group)
            return group_in(patched(group_said(group, members, ""), operations, GROUPS))

        return self.written(provisioning.change_group(self.actor, group=_id(resource), change=change))

    def delete(self, request: Request, resource: str) -> Response:
        """Remove the group."""
        provisioning.remove_group(self.actor, group=_id(resource), check=lambda group: check_unchanged(request, group))
        return Response(status=HTTPStatus.NO_CONTENT)


class SearchView(ScimView):
    """A query in a body: over one kind, or over all."""

    kinds: ClassVar[tuple[Kind, ...]] = KINDS

    def post(self, _request: Request) -> Response:
        """List what meets it."""
        if lowered(self.said).get("schemas") != [SEARCH]:
            raise bad("invalidSyntax", f"A search has schemas [{SEARCH}].")
        sought = sought_in(self.said)
        with self.actor.reading():
            return Response(listed(self.kinds, sought, self.base))


class UserSearchView(SearchView):
    """A search for people."""

    kinds = (USERS,)


class GroupSearchView(SearchView):
    """A search for groups."""

    kinds = (GROUPS,)


class RootView(ScimView):
    """All resources."""

    def get(self, request: Request) -> Response:
        """List what meets a filter."""
        return Response(listed(KINDS, sought_in(request.query_params), self.base))


class ProviderConfigView(ScimView):
    """What is supported."""

    def get(self, request: Request) -> Response:
        """Say it."""
        _no_filter(request)
        return Response(provider_config(self.base))


class DescriptionsView(ScimView):
    """A list of what the service says of itself."""

    def get(self, request: Request) -> Response:
        """List it, whole."""
        _no_filter(request)
        found = self.described()
        return Response({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": len(found), "startIndex": 1,
            "itemsPerPage": len(found), "Resources": found,
        })  # fmt: skip

    def described(self) -> list[dict[str, Any]]:
        """Return the list."""
        raise NotImplementedError


class DescriptionView(DescriptionsView):
    """One of that list."""

    def get(self, request: Request, name: str = "") -> Response:
        """Return it."""
        _no_filter(request)
        for one in self.described():
            if one["id"].lower() == name.lower():
                return Response(one)
        raise NotFound


class SchemasView(DescriptionsView):
    """The schemas."""

    def described(self) -> list[dict[str, Any]]:
        """Return the schemas."""
        return schemas(self.base)


class SchemaView(DescriptionView):
    """One schema."""

    def described(self) -> list[dict[str, Any]]:
        """Return the schemas."""
        return schemas(self.base)


class ResourceTypesView(DescriptionsView):
    """The kinds of resources."""

    def described(self) -> list[dict[str, Any]]:
        """Return the kinds of resources."""
        return resource_types(self.base)


class ResourceTypeView(DescriptionView):
    """One kind of resource."""

    def described(self) -> list[dict[str, Any]]:
        """Return the kinds of resources."""
        return resource_types(self.base)


class NotSupportedView(ScimView):
    """What RFC 7644 has and this service has not: /Bulk, and /Me, as a directory's token is nobody's."""

    def get(self, _request: Request) -> Response:
        """Say so."""
        raise ScimError(HTTPStatus.NOT_IMPLEMENTED, "This is not supported.")

    post = put = patch = delete = get


class NowhereView(ScimView):
    """Every other address."""

    def get(self, _request: Request, rest: str = "") -> Response:
        """Say that nothing is there."""
        del rest
        raise NotFound

    post = put = patch = delete = get


def _id(text: str) -> UUID:
    """Return an id. Raises NotFound for what is none: it names nothing either."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _no_filter(request: Request) -> None:
    """Refuse to filter descriptions, as RFC 7644 (section 4) asks."""
    if "filter" in request.query_params:
        raise ScimError(HTTPStatus.FORBIDDEN, "Descriptions cannot be filtered.")
