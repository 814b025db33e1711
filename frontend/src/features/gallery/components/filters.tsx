import { useQuery } from "@tanstack/react-query";
import { membersQuery, modelsQuery } from "@/api/reads";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { TextField } from "@/ui/text-field";
import styles from "../gallery.module.css";
import { type GallerySearch, isFiltered } from "../search";

interface Props {
  readonly project: string;
  readonly search: GallerySearch;
  readonly onChange: (search: GallerySearch) => void;
}

export function Filters({ project, search, onChange }: Props) {
  const words = useWords();
  const models = useQuery(modelsQuery(project));
  const members = useQuery(membersQuery(project));
  const any = { value: "", label: words.say("gallery.filter.any") };
  const people = new Map(members.data?.map(({ id, name }) => [id, name]));
  const set = (part: Partial<Record<keyof GallerySearch, string>>) => {
    const entries = Object.entries({ ...search, ...part }).filter(([, value]) => value !== "");
    onChange(Object.fromEntries(entries));
  };
  return (
    <div className={styles.filters}>
      <Choice label={words.say("gallery.filter.model")} value={search.model ?? ""} onChange={(model) => { set({ model }); }} options={[any, ...(models.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
      <Choice label={words.say("gallery.filter.person")} value={search.person ?? ""} onChange={(person) => { set({ person }); }} options={[any, ...[...people].map(([value, label]) => ({ value, label }))]} />
      <TextField kind="date" label={words.say("gallery.filter.after")} value={search.after ?? ""} onChange={(after) => { set({ after }); }} />
      <TextField kind="date" label={words.say("gallery.filter.before")} value={search.before ?? ""} onChange={(before) => { set({ before }); }} />
      {isFiltered(search) && (
        <Button tone="plain" icon="close" onPress={() => { onChange({}); }}>
          {words.say("gallery.filter.clear")}
        </Button>
      )}
    </div>
  );
}
