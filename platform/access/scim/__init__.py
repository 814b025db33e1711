"""SCIM 2.0 (RFC 7643, RFC 7644): a studio's directory keeps its people and groups here, by a token of that studio alone."""
