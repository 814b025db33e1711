-- Every function belongs to the owner and runs as it. The search path ends in pg_temp: with pg_temp first (the
-- default), a temporary table named like ours would be read in its place, and open any tenant.

CREATE FUNCTION public.dispatch_digest(token text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT encode(sha256(convert_to(token, 'UTF8')), 'hex') $$;

-- The tenant of the live lease whose token this transaction presents, or null.
CREATE FUNCTION public.lease_tenant() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT l.tenant_id FROM public.dispatch_lease l
   WHERE l.token_digest = public.dispatch_digest(nullif(current_setting('app.lease', true), ''))
     AND l.ends > clock_timestamp()
$$;

-- The fair claim: takes one waiting (or lapsed) ticket and up to most - 1 of the same tenant, kind and shape, under
-- one lease. A live lease of this worker and tenant, named by a digest in held, is used again; a dead one never
-- is, because tickets that lapsed with it would seem alive.
CREATE FUNCTION public.dispatch_take(
  by_worker text, wanted text[], most integer, at_hand text[], held text[], fresh text, seconds integer,
  fair_window interval, quantum integer, patience interval)
RETURNS TABLE (token_digest text, ends timestamptz, tenant_id uuid, id uuid, project_id uuid, person_id uuid,
  kind text, "row" uuid, intent uuid, shape_key text, cost integer, attempts integer, waited interval)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  head public.dispatch_ticket;
  mine public.dispatch_lease;
  chosen uuid[];
BEGIN
  WITH had AS MATERIALIZED (
    SELECT t.tenant_id, t.person_id, sum(t.cost) AS cost FROM public.dispatch_ticket t
     WHERE t.taken > clock_timestamp() - fair_window AND t.kind = ANY (wanted) GROUP BY 1, 2),
  had_tenant AS MATERIALIZED (SELECT tenant_id, sum(cost) AS cost FROM had GROUP BY 1)
  SELECT t.* INTO head FROM public.dispatch_ticket t
    LEFT JOIN public.dispatch_lease l ON l.id = t.lease_id
    LEFT JOIN had_tenant ht ON ht.tenant_id = t.tenant_id
    LEFT JOIN had hp ON hp.tenant_id = t.tenant_id AND hp.person_id = t.person_id
   WHERE t.kind = ANY (wanted) AND t.ready <= clock_timestamp()
     AND (t.state = 'waiting' OR (t.state = 'taken' AND l.ends <= clock_timestamp()))
   ORDER BY
     CASE WHEN t.put < clock_timestamp() - patience THEN 1 ELSE array_position(wanted, t.kind) END,
     floor(coalesce(ht.cost, 0) / quantum),
     NOT (jsonb_array_length(t.needs) > 0 AND t.needs <@ to_jsonb(at_hand)),
     coalesce(ht.cost, 0), t.put >= clock_timestamp() - patience, t.tenant_id, t.priority DESC, coalesce(hp.cost, 0), t.deadline NULLS LAST, t.put, t.id
   LIMIT 1 FOR UPDATE OF t SKIP LOCKED;
  IF head.id IS NULL THEN RETURN; END IF;
  chosen := ARRAY[head.id];
  IF most > 1 AND head.shape_key <> '' THEN
    chosen := chosen || ARRAY(
      SELECT t.id FROM public.dispatch_ticket t
       WHERE t.tenant_id = head.tenant_id AND t.kind = head.kind AND t.shape_key = head.shape_key AND t.id <> head.id
         AND t.state = 'waiting' AND t.ready <= clock_timestamp() AND t.attempts = 0
       ORDER BY t.priority DESC, t.put, t.id LIMIT most - 1 FOR UPDATE SKIP LOCKED);
  END IF;
  UPDATE public.dispatch_lease l SET ends = clock_timestamp() + make_interval(secs => seconds)
   WHERE l.tenant_id = head.tenant_id AND l.worker = by_worker AND l.token_digest = ANY (held)
     AND l.ends > clock_timestamp() RETURNING l.* INTO mine;
  IF mine.id IS NULL THEN
    INSERT INTO public.dispatch_lease (id, tenant_id, worker, token_digest, ends)
    VALUES (gen_random_uuid(), head.tenant_id, by_worker, fresh, clock_timestamp() + make_interval(secs => seconds))
    RETURNING * INTO mine;
  END IF;
  RETURN QUERY
    UPDATE public.dispatch_ticket t
       SET state = 'taken', lease_id = mine.id, taken = clock_timestamp(), attempts = t.attempts + 1
     WHERE t.id = ANY (chosen)
    RETURNING mine.token_digest::text, mine.ends, t.tenant_id, t.id, t.project_id, t.person_id, t.kind::text, t."row",
      t.intent, t.shape_key::text, t.cost::integer, t.attempts::integer, clock_timestamp() - t.put;
END $$;

-- Lengthens a live lease and says which of its tickets were stopped meanwhile. A dead lease stays dead: no row.
CREATE FUNCTION public.dispatch_renew(token text, seconds integer)
RETURNS TABLE (ends timestamptz, stopped uuid[])
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH mine AS (
    UPDATE public.dispatch_lease l SET ends = clock_timestamp() + make_interval(secs => seconds)
     WHERE l.token_digest = public.dispatch_digest(token) AND l.ends > clock_timestamp() RETURNING l.id, l.ends)
  SELECT mine.ends, ARRAY(SELECT t.id FROM public.dispatch_ticket t WHERE t.lease_id = mine.id AND t.state = 'stopped')
    FROM mine
$$;

-- Ends one ticket of this live lease; the count of rows is one, or the caller rolls back. The lease runs on.
CREATE FUNCTION public.dispatch_settle(token text, ticket uuid, result text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE hit integer;
BEGIN
  UPDATE public.dispatch_ticket t SET state = 'settled', outcome = result, over = clock_timestamp()
    FROM public.dispatch_lease l
   WHERE t.id = ticket AND t.state = 'taken' AND t.lease_id = l.id
     AND l.token_digest = public.dispatch_digest(token) AND l.ends > clock_timestamp();
  GET DIAGNOSTICS hit = ROW_COUNT;
  RETURN hit;
END $$;

-- Puts one ticket of this live lease back among the waiting ones, to be ready after a pause.
CREATE FUNCTION public.dispatch_put_back(token text, ticket uuid, pause interval, is_counted boolean) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE hit integer;
BEGIN
  UPDATE public.dispatch_ticket t
     SET state = 'waiting', lease_id = NULL, ready = clock_timestamp() + pause,
         put = CASE WHEN is_counted THEN t.put ELSE clock_timestamp() END,
         attempts = CASE WHEN is_counted THEN t.attempts ELSE greatest(t.attempts - 1, 0) END
    FROM public.dispatch_lease l
   WHERE t.id = ticket AND t.state = 'taken' AND t.lease_id = l.id
     AND l.token_digest = public.dispatch_digest(token) AND l.ends > clock_timestamp();
  GET DIAGNOSTICS hit = ROW_COUNT;
  RETURN hit;
END $$;

-- Stops what has not ended, of the caller's own tenant: the app's by its scope, the worker's by its lease.
CREATE FUNCTION public.dispatch_stop(of_row uuid, of_person uuid, of_project uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  hit integer;
  mine uuid := CASE session_user WHEN @worker_name@ THEN public.lease_tenant()
                                 ELSE nullif(current_setting('app.tenant', true), '')::uuid END;
BEGIN
  UPDATE public.dispatch_ticket t SET state = 'stopped', over = clock_timestamp()
   WHERE t.tenant_id = mine AND t.state IN ('waiting', 'taken') AND t.kind <> 'housekeeping'
     AND (of_row IS NULL OR t."row" = of_row) AND (of_person IS NULL OR t.person_id = of_person)
     AND (of_project IS NULL OR t.project_id = of_project);
  GET DIAGNOSTICS hit = ROW_COUNT;
  RETURN hit;
END $$;

-- How many tickets of each kind could be taken now.
CREATE FUNCTION public.dispatch_waiting() RETURNS TABLE (kind text, tickets bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT t.kind::text, count(*) FROM public.dispatch_ticket t LEFT JOIN public.dispatch_lease l ON l.id = t.lease_id
   WHERE t.ready <= clock_timestamp()
     AND (t.state = 'waiting' OR (t.state = 'taken' AND l.ends <= clock_timestamp()))
   GROUP BY 1
$$;

-- Removes what ended long ago: tickets first, then leases that none points to.
CREATE FUNCTION public.dispatch_forget(age interval) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE hit integer;
BEGIN
  DELETE FROM public.dispatch_ticket t WHERE t.state IN ('settled', 'stopped') AND t.over < clock_timestamp() - age;
  GET DIAGNOSTICS hit = ROW_COUNT;
  DELETE FROM public.dispatch_lease l WHERE l.ends < clock_timestamp() - age
     AND NOT EXISTS (SELECT FROM public.dispatch_ticket t WHERE t.lease_id = l.id);
  RETURN hit;
END $$;
