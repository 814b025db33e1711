import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "@/api/studio";
import type { ServiceAccount } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Row, Stack } from "@/ui/row";

interface Props {
  readonly service: ServiceAccount;
  readonly isBusy: boolean;
  readonly onName: (keeper: string) => void;
}

/** Names another person who answers for a service account. */
export function NewKeeper({ service, isBusy, onName }: Props) {
  const words = useWords();
  const people = (useQuery(peopleQuery).data ?? []).filter(({ is_active: isActive }) => isActive);
  const [keeper, setKeeper] = useState(service.is_orphaned ? "" : service.keeper);
  const options = [...(service.is_orphaned ? [{ value: "", label: words.say("groups.choose") }] : []), ...people.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <Stack gap={3}>
      <Choice label={words.say("services.column.keeper")} hint={words.say("services.keeper_hint")} value={keeper} options={options} onChange={setKeeper} />
      <Row>
        <Button size="small" isBusy={isBusy} isOff={keeper === "" || keeper === service.keeper} onPress={() => { onName(keeper); }}>
          {words.say("services.hand_over")}
        </Button>
      </Row>
    </Stack>
  );
}
