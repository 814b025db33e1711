import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ApiError, cursorOf, get } from "@/api/client";
import { useSession } from "@/api/session";
import type { Proof } from "@/api/types";
import { readCheckpoint } from "@/lib/note";
import { type Judgement, checkProof } from "./check-proof";
import { keep, recall } from "./kept";

export interface EntryFilters {
  readonly kind?: string;
  readonly project?: string;
}

export function useEntries(filters: EntryFilters) {
  return useInfiniteQuery({
    queryKey: ["entries", filters],
    queryFn: ({ pageParam }) => get("/api/v1/ledger/entries", { query: { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}

export function useCheckpoint() {
  return useQuery({ queryKey: ["checkpoint"], queryFn: () => get("/api/v1/ledger/checkpoint"), refetchInterval: 15_000 });
}

async function growth(first: number, second: number): Promise<readonly string[]> {
  return (await get("/api/v1/ledger/consistency", { query: { first, second } })).hashes;
}

export interface Checked {
  readonly proof: Proof;
  readonly judgement: Judgement;
}

/** Fetch a proof and judge it here; a sound one whose log is larger than what was kept becomes what is kept. */
async function fetchAndCheck(entry: string, tenant: string): Promise<Checked> {
  const proof = await get("/api/v1/ledger/entries/{entry}/proof", { path: { entry } });
  const { size } = readCheckpoint(proof.checkpoint);
  const kept = recall(tenant);
  const judgement = await checkProof({ entry, proof, kept, growth });
  const isNewer = kept === undefined || readCheckpoint(kept.checkpoint).size <= size;
  if (judgement.verdict === "ok" && isNewer) keep(tenant, { vkey: proof.vkey, checkpoint: proof.checkpoint });
  return { proof, judgement };
}

const NOT_YET = ["entry.not_published_yet", "checkpoint.none_yet"];
export const isNotYet = (error: unknown): boolean => error instanceof ApiError && NOT_YET.includes(error.problem.code);

export function useProof(entry: string) {
  const tenant = useSession()?.tenant.id;
  return useQuery({
    queryKey: ["proof", tenant, entry],
    queryFn: () => fetchAndCheck(entry, tenant ?? ""),
    enabled: tenant !== undefined && "subtle" in crypto,
    // A fresh entry waits for the next checkpoint; the page asks again until it is there.
    retry: (count, error) => isNotYet(error) && count < 10,
    retryDelay: 1500,
    staleTime: 0,
    gcTime: 0,
  });
}
