import { Navigate } from "@tanstack/react-router";
import { useProjectId, useSession } from "@/api/session";
import { firstRoom } from "./rooms";

/** A project's bare address goes on to the first room that the person may enter. */
export function ProjectHome() {
  const session = useSession();
  const project = useProjectId();
  return session ? <Navigate to={`/projects/$project/${firstRoom(session, project)}`} params={{ project }} replace /> : null;
}
