"""What the keeper asks before it opens for a worker: is a ticket of this intent held under a live lease."""

from typing import Any

from django.conf import settings
from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.dispatch_held(of_intent uuid) RETURNS TABLE (tenant_id uuid, project_id uuid, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT t.tenant_id, t.project_id, t.kind::text FROM public.dispatch_ticket t
    JOIN public.dispatch_lease l ON l.id = t.lease_id
   WHERE t.intent = of_intent AND t.state = 'taken' AND l.ends > clock_timestamp()
$$
"""


def put_up(_apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        cursor.execute("REVOKE ALL ON FUNCTION public.dispatch_held(uuid) FROM PUBLIC")
        cursor.execute(f'GRANT EXECUTE ON FUNCTION public.dispatch_held(uuid) TO "{settings.DB_ROLES["keeper"]}"')


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_functions")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
