"""A studio's work is held while the studio is suspended, and the platform's own people see how much waits, not whose."""

from typing import Any, Final

from django.conf import settings
from django.db import migrations

# Held work is ready at the end of time: so every claim passes it by, and no new state is needed. Its leases end at once, so
# whoever holds it is refused with its next statement. Tickets first, as a claim locks them first.
HOLD: Final = """
CREATE FUNCTION public.dispatch_hold() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  hit integer;
  mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
BEGIN
  UPDATE public.dispatch_ticket t
     SET attempts = CASE t.state WHEN 'taken' THEN greatest(t.attempts - 1, 0) ELSE t.attempts END,
         state = 'waiting', lease_id = NULL, ready = '9999-01-01 00:00:00+00'
   WHERE t.tenant_id = mine AND t.state IN ('waiting', 'taken');
  GET DIAGNOSTICS hit = ROW_COUNT;
  UPDATE public.dispatch_lease l SET ends = clock_timestamp() WHERE l.tenant_id = mine AND l.ends > clock_timestamp();
  RETURN hit;
END $$
"""
RELEASE: Final = """
CREATE FUNCTION public.dispatch_release() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE hit integer;
BEGIN
  UPDATE public.dispatch_ticket t SET ready = clock_timestamp()
   WHERE t.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
     AND t.state = 'waiting' AND t.ready >= '9999-01-01 00:00:00+00';
  GET DIAGNOSTICS hit = ROW_COUNT;
  RETURN hit;
END $$
"""
# The id is the platform's own tenant: no studio's scope learns how busy the others are.
QUEUES: Final = """
CREATE FUNCTION public.dispatch_queues() RETURNS TABLE (kind text, waiting bigint, under_way bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT t.kind::text,
         count(*) FILTER (WHERE t.ready <= clock_timestamp() AND (t.state = 'waiting' OR l.ends <= clock_timestamp())),
         count(*) FILTER (WHERE t.state = 'taken' AND l.ends > clock_timestamp())
    FROM public.dispatch_ticket t LEFT JOIN public.dispatch_lease l ON l.id = t.lease_id
   WHERE t.state IN ('waiting', 'taken')
     AND (SELECT current_setting('app.tenant', true)) = '00000000-0000-4000-8000-000000000001'
   GROUP BY 1
$$
"""
NAMES: Final = ("dispatch_hold", "dispatch_release", "dispatch_queues")


def put_up(_apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        for statement in (HOLD, RELEASE, QUEUES):
            cursor.execute(statement)
        for name in NAMES:
            cursor.execute(f"REVOKE ALL ON FUNCTION public.{name}() FROM PUBLIC")
            cursor.execute(f'GRANT EXECUTE ON FUNCTION public.{name}() TO "{settings.DB_ROLES["app"]}"')


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_held")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
