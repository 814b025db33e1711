"""What SCIM says when it refuses."""

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def is_error(answer, status, scim_type=None):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/scim+json"
    body = answer.json()
    assert body["schemas"] == [ERROR]
    assert body["status"] == str(status)
    assert body["detail"]
    assert body.get("scimType") == scim_type
