"""What a view asks before it answers: every method, not only the one that was written down."""

from typing import ClassVar

import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from access.api.scoped import ScopedAPIView
from access.roles import Permission


class Secret(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.MODEL_DECIDE}

    def get(self, _request, **_):
        return Response({"said": "it"})


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_head_needs_what_a_get_needs(studio, method):
    def ask(who):
        request = getattr(APIRequestFactory(), method)("/", headers={"Authorization": f"Bearer {studio.token(who)}"})
        return Secret.as_view()(request, project=studio.project).status_code

    assert ask("lena") == 200
    assert ask("alice") == 403


def test_a_method_without_a_word_is_not_answered(studio):
    request = APIRequestFactory().post("/", headers={"Authorization": f"Bearer {studio.token('lena')}"})
    assert Secret.as_view()(request, project=studio.project).status_code == 405
