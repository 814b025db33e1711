import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "@/api/client";
import { useExplain } from "@/api/explain";
import { sessionQuery, useMay, useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Page } from "@/ui/page";
import { TextField } from "@/ui/text-field";
import { firstRoom } from "./rooms";
import { platformRoom } from "./settings";

/** Goes on to the first project, or to the platform's rooms; whoever has none is told what one is, and may make it if she may. */
export function NoProject() {
  const words = useWords();
  const explain = useExplain();
  const session = useSession();
  const mayCreate = useMay("project.create");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => post("/api/v1/projects", { body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const [first] = session?.projects ?? [];
  if (session && first) return <Navigate to={`/projects/$project/${firstRoom(session, first.id)}`} params={{ project: first.id }} replace />;
  const room = platformRoom(session);
  if (room !== undefined) return <Navigate to={`/settings/${room}`} replace />;
  const form = (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <TextField label={words.say("nav.new_project.name")} value={name} onChange={setName} error={create.error ? explain(create.error) : undefined} />
      <div style={{ height: 12 }} />
      <Button tone="main" type="submit" isBusy={create.isPending} isOff={name.trim() === ""}>
        {words.say("nav.new_project.create")}
      </Button>
    </form>
  );
  return (
    <Page title={words.say("nav.project")}>
      <Empty title={words.say("nav.no_project.title")} text={words.say(mayCreate ? "nav.no_project.text_owner" : "nav.no_project.text")} action={mayCreate ? form : undefined} />
    </Page>
  );
}
