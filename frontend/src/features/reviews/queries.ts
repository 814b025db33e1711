import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { everyRow, get, post, request } from "@/api/client";
import { membersQuery } from "@/api/reads";
import { peopleQuery } from "@/api/studio";
import type { Grant, ReviewDecision } from "@/api/types";

const REVIEWS = "access-reviews";
const key = (review: string) => ["access-review", review] as const;

/** The reviews of a project, or (without one) all of the studio's. */
export function useReviews(project: string) {
  const query = { limit: 200 };
  const ask = () => (project === "" ? get("/api/v1/access-reviews", { query }) : get("/api/v1/projects/{project}/access-reviews", { path: { project }, query }));
  return useQuery({ queryKey: [REVIEWS, project], queryFn: ask, select: (page) => page.results });
}

export function useOpenReview(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (due: string) => (project === "" ? post("/api/v1/access-reviews", { body: { due } }) : post("/api/v1/projects/{project}/access-reviews", { path: { project }, body: { due } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [REVIEWS] }),
  });
}

/** A review whole, with its counts and what was decided. */
export function useEvidence(review: string) {
  return useQuery({ queryKey: key(review), queryFn: () => get("/api/v1/access-reviews/{review}/evidence", { path: { review }, query: { as: "json" } }) });
}

/** The evidence as a text to save, just as the service writes it. */
export async function evidenceText(review: string, as: "json" | "csv"): Promise<string> {
  return (await request(`/api/v1/access-reviews/${encodeURIComponent(review)}/evidence?as=${as}`)).text();
}

export function useDecide(review: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item, decision }: { readonly item: string; readonly decision: ReviewDecision }) => post("/api/v1/access-reviews/{review}/items/{item}/decision", { path: { review, item }, body: { decision } }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: key(review) }), client.invalidateQueries({ queryKey: ["grants"] })]),
  });
}

export function useCloseReview(review: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post("/api/v1/access-reviews/{review}/close", { path: { review } }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: key(review) }), client.invalidateQueries({ queryKey: [REVIEWS] })]),
  });
}

/** People's names by their ids, as far as one sees them here. */
export function useNames(project: string): ReadonlyMap<string, string> {
  const everybody = useQuery({ ...peopleQuery, enabled: project === "" });
  const members = useQuery({ ...membersQuery(project), enabled: project !== "" });
  return new Map((everybody.data ?? members.data ?? []).map(({ id, name }) => [id, name]));
}

const everyGrant = (project: string): Promise<readonly Grant[]> =>
  everyRow((query) => (project === "" ? get("/api/v1/grants", { query }) : get("/api/v1/projects/{project}/grants", { path: { project }, query })));

/** The grants that are held now, by their ids: who gave them, and whether they are still there. */
export function useHeld(project: string): ReadonlyMap<string, Grant> | undefined {
  const { data } = useQuery({ queryKey: ["grants", "every", project], queryFn: () => everyGrant(project) });
  return data && new Map(data.map((grant) => [grant.id, grant]));
}
