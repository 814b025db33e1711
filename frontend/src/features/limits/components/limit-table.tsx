import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { modelsQuery } from "@/api/reads";
import type { Allowance } from "@/api/types";
import { duration } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { IconButton } from "@/ui/icon-button";
import { Row } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useRemoveLimit } from "../queries";

interface Props {
  readonly project: string;
  readonly allowances: readonly Allowance[];
  readonly onOpen: (allowance: Allowance) => void;
}

export function LimitTable({ project, allowances, onOpen }: Props) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const models = new Map((useQuery(modelsQuery(project)).data ?? []).map(({ id, name }) => [id, name]));
  const remove = useRemoveLimit(project);
  const [leaving, setLeaving] = useState<Allowance>();
  const whose = ({ name }: Allowance) => (name === "" ? words.say("limits.everybody") : name);
  const list = (ids: readonly string[] | null | undefined, nameOf: (id: string) => string) => {
    if (!ids) return words.say("limits.all");
    return ids.length === 0 ? words.say("limits.none") : <Content>{ids.map(nameOf).join(", ")}</Content>;
  };
  const modelName = (id: string) => models.get(id) ?? id;
  const columns: readonly Column<Allowance>[] = [
    { key: "who", title: words.say("limits.column.who"), cell: (row) => (row.name === "" ? words.say("limits.everybody") : <Content>{row.name}</Content>) },
    { key: "bases", title: words.say("limits.column.bases"), cell: ({ bases }) => list(bases, modelName) },
    { key: "adapters", title: words.say("limits.column.adapters"), cell: ({ adapters }) => list(adapters, modelName) },
    { key: "features", title: words.say("limits.column.features"), cell: ({ features }) => list(features, (one) => words.find(`limits.feature.${one}`) ?? one) },
    { key: "pictures", title: words.say("limits.column.pictures"), cell: ({ pictures_a_day: most }) => (most === null || most === undefined ? words.say("limits.no_limit") : <Content>{new Intl.NumberFormat(words.locale).format(most)}</Content>) },
    { key: "device", title: words.say("limits.column.device"), cell: ({ device_seconds_a_day: most }) => (most === null || most === undefined ? words.say("limits.no_limit") : <Content>{duration(most)}</Content>) },
    {
      key: "change",
      title: words.say("limits.column.change"),
      cell: (row) => (
        <Row>
          <Button size="small" label={words.say("limits.change", { name: whose(row) })} onPress={() => { onOpen(row); }}>
            {words.say("limits.change.short")}
          </Button>
          <IconButton icon="trash" label={words.say("limits.remove", { name: whose(row) })} onPress={() => { setLeaving(row); }} />
        </Row>
      ),
    },
  ];
  const close = () => { setLeaving(undefined); };
  const go = (row: Allowance) => {
    remove.mutate(row.id, { onSuccess: () => { toast(words.say("limits.removed"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: close });
  };
  return (
    <>
      <DataTable label={words.say("limits.table")} rows={allowances} rowKey={({ id }) => id} columns={columns} />
      {leaving && <Confirm title={words.say("limits.remove.title", { name: whose(leaving) })} text={words.say("limits.remove.text")} go={words.say("limits.remove.go")} isBusy={remove.isPending} onGo={() => { go(leaving); }} onClose={close} />}
    </>
  );
}
