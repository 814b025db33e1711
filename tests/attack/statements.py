"""The statements of the attack by SQL, and what each needs so that it would succeed if it were let."""

import uuid

from tests.attack.catalogue import LOGINS

SPELT = {
    "as it is": str,
    "in capitals": str.upper,
    "without hyphens": lambda one: one.replace("-", ""),
    "in braces": lambda one: f"{{{one}}}",
}
# What reads rows of theirs: {of} is a condition that only they meet.
READS = {
    "select": "SELECT ctid FROM {table} WHERE {of}",
    "select as text": "SELECT t::text FROM {table} t WHERE {of}",
    "select as json": "SELECT row_to_json(t) FROM {table} t WHERE {of}",
    "select and lock": "SELECT ctid FROM {table} WHERE {of} FOR UPDATE",
    "select and share": "SELECT ctid FROM {table} WHERE {of} FOR KEY SHARE",
    "select only": "SELECT ctid FROM ONLY {table} WHERE {of}",
    "sample": "SELECT ctid FROM {table} TABLESAMPLE SYSTEM (100) WHERE {of}",
    "with": "WITH all_of AS MATERIALIZED (SELECT * FROM {table}) SELECT 1 FROM all_of WHERE {of}",
    "union": "SELECT 1 WHERE false UNION ALL SELECT 1 FROM {table} WHERE {of}",
    "exists": "SELECT 1 WHERE EXISTS (SELECT FROM {table} WHERE {of})",
    "lateral": "SELECT 1 FROM (VALUES (1)) v, LATERAL (SELECT * FROM {table} WHERE {of}) t",
    "cursor": "DECLARE every CURSOR FOR SELECT 1 FROM {table} WHERE {of}; FETCH ALL FROM every",
    "prepared": "PREPARE ask AS SELECT 1 FROM {table} WHERE {of}; EXECUTE ask",
    "words": "SELECT 1 FROM ts_stat($a$SELECT to_tsvector('simple', 'x1') FROM {table} WHERE {of}$a$)",
    "without walls": "SET LOCAL row_security = off; SELECT ctid FROM {table} WHERE {of}",
    "division": "SELECT 1 FROM {table} WHERE 1 / (CASE WHEN {of} THEN 0 ELSE 1 END) = 0",
    "cast": "SELECT 1 FROM {table} WHERE (CASE WHEN {of} THEN 'x' ELSE '1' END)::int = 0",
    "as the owner": 'SET LOCAL ROLE "{prefix}_owner"; SELECT ctid FROM {table} WHERE {of}',
}
# Errors of theirs would tell as much as rows: these must end as they end for what is not there.
WRITES = {
    "update": ("update", "UPDATE {table} SET {column} = {column} WHERE {of}"),
    "update returning": ("update", "UPDATE {table} SET {column} = {column} WHERE {of} RETURNING *"),
    "update from": ("update", "UPDATE {table} t SET {column} = t.{column} FROM {table} o WHERE t.ctid = o.ctid AND o.{of}"),
    "delete": ("delete", "DELETE FROM {table} WHERE {of}"),
    "delete returning": ("delete", "DELETE FROM {table} WHERE {of} RETURNING *"),
    "delete using": ("delete", "DELETE FROM {table} t USING {table} o WHERE t.ctid = o.ctid AND o.{of}"),
    "take over": ("update", "UPDATE {table} SET tenant_id = '{mallory}' WHERE {of}"),
    "merge": ("delete", "MERGE INTO {table} t USING (SELECT 1) s ON t.{of} WHEN MATCHED THEN DELETE"),
}
# What nobody but the owner may do to a table.
DEEDS = {
    "truncate": "TRUNCATE {table}",
    "truncate with all": "TRUNCATE {table} CASCADE",
    "lock": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "disable triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "disable the wall": "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "lift force": "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "own": "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "add a column": "ALTER TABLE {table} ADD COLUMN more integer",
    "rename": "ALTER TABLE {table} RENAME TO taken",
    "move": "ALTER TABLE {table} SET SCHEMA information_schema",
    "inherit": "CREATE TABLE public.heir () INHERITS ({table})",
    "policy": "CREATE POLICY mine ON {table} USING (true)",
    "rule": "CREATE RULE mine AS ON UPDATE TO {table} DO INSTEAD NOTHING",
    "trigger": "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "index": "CREATE INDEX mine ON {table} (({column}::text))",
    "statistics": "CREATE STATISTICS public.mine ON ({column}::text), ({column} IS NULL) FROM {table}",
    "drop": "DROP TABLE {table} CASCADE",
    "comment": "COMMENT ON TABLE {table} IS 'mine'",
    "grant": "GRANT TRUNCATE ON {table} TO CURRENT_USER; TRUNCATE {table}",
    "grant to all": "GRANT ALL ON {table} TO PUBLIC; TRUNCATE {table} CASCADE",
    "view": "CREATE VIEW public.mine AS SELECT * FROM {table}",
    "materialise": "CREATE MATERIALIZED VIEW public.mine AS SELECT * FROM {table}",
    "copy a table": "CREATE TABLE public.mine AS SELECT * FROM {table}",
    "shadow": "CREATE TEMPORARY TABLE {bare} AS SELECT 1 AS shadow",
    "temporary view": "CREATE TEMPORARY VIEW {bare} AS SELECT 1 AS shadow",
    "publish": "CREATE PUBLICATION mine FOR TABLE {table}",
    "cluster": "ALTER TABLE {table} SET UNLOGGED",
    "write a file": "COPY {table} TO '/dev/null'",
    "run a program": "COPY {table} TO PROGRAM 'cat'",
    "read a file": "COPY {table} FROM '/dev/null'",
    "pg_stats": "SELECT 1 / (SELECT count(*) FROM pg_stats WHERE schemaname = '{schema}' AND tablename = '{bare}')",
    "pg_statistic": "SELECT 1 FROM pg_statistic WHERE starelid = '{table}'::regclass",
}
# What nobody may do at all.
EVERYWHERE = {
    **{f"be {role}": f"SET LOCAL ROLE {role}" for role in ("postgres", "pg_read_all_data", "pg_write_all_data", "pg_monitor",
       "pg_read_server_files", "pg_write_server_files", "pg_execute_server_program", "pg_signal_backend", "pg_checkpoint")},
    **{f"be {login}": f'SET LOCAL ROLE "{{prefix}}_{login}"' for login in ("owner", *LOGINS)},
    **{f"start as {login}": f'SET LOCAL SESSION AUTHORIZATION "{{prefix}}_{login}"' for login in ("owner", *LOGINS)},
    **{f"become {power}": f"ALTER ROLE CURRENT_USER {power}" for power in (
        "SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")},
    **{f"keep {name}": f"ALTER ROLE CURRENT_USER SET \"{name}\" = '{{victim}}'" for name in (
        "app.tenant", "app.lease", "app.presented")},
    **{f"join {login}": f'GRANT "{{prefix}}_{login}" TO CURRENT_USER' for login in ("owner", *LOGINS)},
    **{f"extend by {name}": f"CREATE EXTENSION {name}" for name in ("dblink", "file_fdw", "postgres_fdw", "pageinspect")},
    **{f"read {name}": f"SELECT * FROM {name}" for name in ("pg_authid", "pg_shadow", "pg_statistic", "pg_largeobject",
        "pg_user_mapping",
       "pg_hba_file_rules", "pg_file_settings", "pg_statistic_ext_data",
        "pg_config", "pg_backend_memory_contexts", "pg_shmem_allocations")},
    **{f"call {call}": f"SELECT {call}" for call in (
        "pg_read_file('/etc/passwd')", "pg_read_file('PG_VERSION')", "pg_read_binary_file('/etc/passwd')", "pg_ls_dir('.')",
        "pg_stat_file('PG_VERSION')", "pg_ls_waldir()", "pg_ls_tmpdir()", "pg_current_logfile()", "pg_reload_conf()",
        "pg_rotate_logfile()", "pg_switch_wal()", "pg_create_restore_point('x')", "lo_import('/etc/passwd')",
        "pg_log_backend_memory_contexts(pg_backend_pid())", "pg_stat_reset()", "pg_import_system_collations('public')",
        "pg_replication_origin_create('x')")},
    **{f"set {name}": f"SET LOCAL {name} = {value}" for name, value in {
        "session_replication_role": "replica", "log_statement": "'all'", "log_min_error_statement": "debug1", "lc_messages": "'C'",
        "allow_system_table_mods": "on", "log_parameter_max_length": "-1", "zero_damaged_pages": "on",
        "track_activities": "off", "temp_file_limit": "1"}.items()},
    "make a schema": "CREATE SCHEMA mine",
    "make a temporary table": "CREATE TEMPORARY TABLE mine (x integer)",
    "make a function": "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a temporary function": "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a type": "CREATE TYPE public.mine AS (x integer)",
    "make a sequence": "CREATE SEQUENCE public.mine",
    "make a role": "CREATE ROLE mine",
    "make a server": "CREATE FOREIGN DATA WRAPPER mine",
    "make an operator": "CREATE OPERATOR public.=== (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)",
    "set the database": 'ALTER DATABASE "{database}" SET app.tenant = \'{victim}\'',
    "own the database": 'ALTER DATABASE "{database}" OWNER TO CURRENT_USER',
    "own the schema": "ALTER SCHEMA public OWNER TO CURRENT_USER",
    "write a file": "COPY (SELECT 1) TO '/dev/null'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "others' statements": "SELECT 1 / (SELECT count(*) FROM pg_stat_activity"
    " WHERE query LIKE '%{marker}%' AND pid <> pg_backend_pid())",
    "drop what is theirs": 'DROP OWNED BY "{prefix}_owner" CASCADE',
}  # fmt: skip
# What a function is called with that nobody may call.
VALUES = {"uuid": uuid.uuid4(), "text[]": "{}", "interval": "0"}
# By which SQL state a statement shows that it found something, where that is an error.
PROVES = {
    "division": {"22012"},
    "cast": {"22P02"},
    "insert": {"", "23505"},
    "give": {"", "23505"},
    "take": {"", "23505"},
    "unique": {"", "23505"},
}
BESIDE = {
    ("access_grant", "project_id"): {"role": "artist"},
    ("access_grant", "group_id"): {"user_id": None},
    ("access_grant", "custom_id"): {"role": ""},
}
# What a row needs besides, so that it differs from the one that is there, or may refer to a project.
NEW = {
    "moderation_policy": lambda: {"number": uuid.uuid4().int % 2**15},
    "registry_model": lambda: {"kind": "adapter", "folder": "", "project_id": uuid.uuid4(), "object_id": uuid.uuid4()},
}


def like(one):
    """Return an id or a number of the same type that stands nowhere."""
    return uuid.uuid4() if isinstance(one, uuid.UUID) else 2**31 - 7


def unlike(values):
    """Return values of which one is an id or a number that stands nowhere, or a text where there is neither: roles are checked."""
    new = {name: uuid.uuid4() for name, value in values.items() if isinstance(value, uuid.UUID)}
    new |= {name: 2**14 - 7 for name, value in values.items() if type(value) is int}
    return new or {name: uuid.uuid4().hex[:12] for name, value in values.items() if isinstance(value, str)}
