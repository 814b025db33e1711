"""The default when no DSN is given: our own Postgres, broker, keeper and workers, supervised as one tree."""
