"""Django's PostgreSQL backend behind the first wall: what is asked of a tenant's table without a scope is not sent."""
