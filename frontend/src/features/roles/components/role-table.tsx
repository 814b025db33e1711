import type { BuiltInRole, Roles } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { type Column, DataTable } from "@/ui/data-table";
import { Icon } from "@/ui/icon";

type Line = Roles["permissions"][number];

/** Permissions down, roles across; only what one of the roles has. */
export function RoleTable({ label, roles, permissions }: { readonly label: string; readonly roles: readonly BuiltInRole[]; readonly permissions: readonly Line[] }) {
  const words = useWords();
  const shown = permissions.filter(({ permission }) => roles.some((role) => role.permissions.includes(permission)));
  const columns: readonly Column<Line>[] = [
    { key: "text", title: words.say("roles.column.permission"), cell: ({ permission, text }) => <span translate="no" title={permission}>{text}</span> },
    ...roles.map((role) => ({
      key: role.role,
      title: words.find(`role.${role.role}`) ?? role.title,
      cell: ({ permission }: Line) => (role.permissions.includes(permission) ? <span aria-label={words.say("roles.yes")} role="img"><Icon name="check" size={15} /></span> : null),
    })),
  ];
  return <DataTable label={label} rows={shown} rowKey={({ permission }) => permission} columns={columns} />;
}
