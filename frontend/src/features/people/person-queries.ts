import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "@/api/client";

export function useHeldRoles(person: string) {
  return useQuery({ queryKey: ["grants", "of", person], queryFn: () => get("/api/v1/grants", { query: { person, limit: 200 } }), select: (page) => page.results });
}

const devices = (person: string) => ["devices", person] as const;

export function useDevices(person: string) {
  return useQuery({ queryKey: devices(person), queryFn: () => get("/api/v1/people/{person}/sessions", { path: { person }, query: { limit: 200 } }), select: (page) => page.results });
}

export function useEndSessions(person: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => remove("/api/v1/people/{person}/sessions", { path: { person } }), onSuccess: () => client.invalidateQueries({ queryKey: devices(person) }) });
}

export function useRemoveFactors(person: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => remove("/api/v1/people/{person}/factors", { path: { person } }), onSuccess: () => client.invalidateQueries({ queryKey: devices(person) }) });
}

/** The studio's identity providers, for whoever sets them up. */
export function useProviders() {
  return useQuery({ queryKey: ["identity-providers", "names"], queryFn: () => get("/api/v1/identity-providers", { query: { limit: 200 } }), select: (page) => page.results.map(({ id, name }) => ({ id, name })) });
}

const identities = (person: string) => ["identities", person] as const;

/** Which providers know a person; never by which name. */
export function useIdentities(person: string) {
  return useQuery({ queryKey: identities(person), queryFn: () => get("/api/v1/people/{person}/identities", { path: { person }, query: { limit: 200 } }), select: (page) => page.results });
}

export function useLink(person: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: (body: { readonly provider: string; readonly uid: string }) => post("/api/v1/people/{person}/identities", { path: { person }, body }), onSuccess: () => client.invalidateQueries({ queryKey: identities(person) }) });
}

export function useUnlink(person: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: (provider: string) => remove("/api/v1/people/{person}/identities/{provider}", { path: { person, provider } }), onSuccess: () => Promise.all([devices, identities].map((key) => client.invalidateQueries({ queryKey: key(person) }))) });
}

export function useBreakGlass(person: string) {
  const client = useQueryClient();
  const path = { person };
  return useMutation({
    mutationFn: async (isNamed: boolean): Promise<void> => {
      await (isNamed ? post("/api/v1/people/{person}/break-glass", { path }) : remove("/api/v1/people/{person}/break-glass", { path }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
}
