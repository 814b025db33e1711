import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useIsPlatform, useMay } from "@/api/session";
import { rolesQuery } from "@/api/studio";
import type { Roles } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Stack } from "@/ui/row";
import { RoleDialog } from "./components/role-dialog";
import { OwnRoles } from "./components/own-roles";
import { RoleTable } from "./components/role-table";

const REACHES = { studio: ["studio", "project", "platform"], platform: ["platform", "studio", "project"] } as const;

/** What each role permits: the table from which the service itself decides. */
export function RolesPage() {
  const words = useWords();
  const explain = useExplain();
  const mayDefine = useMay("role.define");
  const isPlatform = useIsPlatform();
  const roles = useQuery(rolesQuery);
  const [isDefining, setIsDefining] = useState(false);
  const define = mayDefine && (
    <Button tone="main" icon="plus" onPress={() => { setIsDefining(true); }}>
      {words.say("roles.define")}
    </Button>
  );
  return (
    <Page title={words.say("settings.roles")} lead={words.say("roles.lead")} actions={define} isWide>
      <Loaded query={roles} explain={explain}>
        {(known: Roles) => (
          <Stack>
            {REACHES[isPlatform ? "platform" : "studio"].map((reach) => (
              <Panel key={reach} title={words.say(`roles.of.${reach}`)} isFlush>
                <RoleTable label={words.say(`roles.of.${reach}`)} roles={known.builtin.filter((role) => role.reach === reach)} permissions={known.permissions} />
              </Panel>
            ))}
            {!isPlatform && <OwnRoles known={known} />}
            {isDefining && <RoleDialog known={known} onClose={() => { setIsDefining(false); }} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
