import type { AssetSummary } from "@/api/types";

/** Whether a picture was made to try a model that is not approved: it may be looked at, not taken out. */
export const isTrial = ({ purpose }: Pick<AssetSummary, "purpose">): boolean => purpose !== "picture";
