-- Enabled without FORCE: the functions above belong to the owner, who would see nothing under FORCE.
ALTER TABLE public.dispatch_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dispatch_ticket ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dispatch_ticket ADD CONSTRAINT dispatch_ticket_lease_same_tenant
  FOREIGN KEY (tenant_id, lease_id) REFERENCES public.dispatch_lease (tenant_id, id);

REVOKE ALL ON public.dispatch_lease FROM PUBLIC, @app@, @worker@, @integrator@, @keeper@;
REVOKE ALL ON public.dispatch_ticket FROM PUBLIC, @app@, @worker@, @integrator@, @keeper@;
GRANT SELECT, INSERT ON public.dispatch_ticket TO @app@, @worker@;
GRANT SELECT ON public.dispatch_ticket TO @keeper@;

CREATE POLICY app_select ON public.dispatch_ticket FOR SELECT TO @app@
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY app_insert ON public.dispatch_ticket FOR INSERT TO @app@
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)
              AND state = 'waiting' AND lease_id IS NULL AND attempts = 0);
CREATE POLICY worker_select ON public.dispatch_ticket FOR SELECT TO @worker@ USING (true);
CREATE POLICY worker_insert ON public.dispatch_ticket FOR INSERT TO @worker@
  WITH CHECK (tenant_id = (SELECT public.lease_tenant())
              AND state = 'waiting' AND lease_id IS NULL AND attempts = 0);
CREATE POLICY keeper_select ON public.dispatch_ticket FOR SELECT TO @keeper@ USING (true);

REVOKE ALL ON FUNCTION public.dispatch_digest(text), public.lease_tenant(),
  public.dispatch_take(text, text[], integer, text[], text[], text, integer, interval, integer, interval),
  public.dispatch_renew(text, integer), public.dispatch_settle(text, uuid, text),
  public.dispatch_put_back(text, uuid, interval, boolean), public.dispatch_stop(uuid, uuid, uuid),
  public.dispatch_waiting(), public.dispatch_forget(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.lease_tenant(),
  public.dispatch_take(text, text[], integer, text[], text[], text, integer, interval, integer, interval),
  public.dispatch_renew(text, integer), public.dispatch_settle(text, uuid, text),
  public.dispatch_put_back(text, uuid, interval, boolean), public.dispatch_stop(uuid, uuid, uuid),
  public.dispatch_waiting(), public.dispatch_forget(interval) TO @worker@;
GRANT EXECUTE ON FUNCTION public.dispatch_stop(uuid, uuid, uuid) TO @app@;
