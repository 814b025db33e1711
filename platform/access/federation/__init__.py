"""Single sign-on: what stands between an identity provider that a studio chose and a session of ours."""
