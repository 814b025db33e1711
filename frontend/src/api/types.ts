/* Short names for the schema's types. Nothing here is written by hand but the names. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Session = Schemas["Session"];
export type SessionProject = Schemas["SessionProject"];
export type Studio = Schemas["Studio"];
export type Member = Schemas["Member"];
export type ApiToken = Schemas["ApiToken"];
export type Dataset = Schemas["Dataset"];
export type DatasetItem = Schemas["DatasetItem"];
export type RightsBasis = Schemas["RightsBasis"];
export type Model = Schemas["Model"];
export type Evaluation = Schemas["Evaluation"];
export type TrainConfig = Schemas["TrainConfig"];
export type TrainingAsk = Schemas["TrainingAsk"];
export type TrainingRun = Schemas["TrainingRun"];
export type TrainingState = Schemas["TrainingState"];
export type Generation = Schemas["Generation"];
export type GenerationAsk = Schemas["GenerationAsk"];
export type Reason = Schemas["Reason"];
export type AssetSummary = Schemas["AssetSummary"];
export type Asset = Schemas["Asset"];
export type Replay = Schemas["Replay"];
export type Exit = Schemas["Exit"];
export type Entry = Schemas["Entry"];
export type EntryState = Schemas["EntryState"];
export type Proof = Schemas["Proof"];
