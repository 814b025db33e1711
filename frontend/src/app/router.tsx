import { type RouterHistory, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { accountRoutes } from "@/features/account/routes";
import { createRoutes } from "@/features/create/routes";
import { datasetRoutes } from "@/features/datasets/routes";
import { entranceRoutes } from "@/features/entrance/routes";
import { exitRoutes } from "@/features/exit/routes";
import { galleryRoutes } from "@/features/gallery/routes";
import { limitRoutes } from "@/features/limits/routes";
import { leakedRoutes, memberRoutes, memberRoutesOfAccount, memberRoutesOfStudio } from "@/features/members/routes";
import { oversightRoutes } from "@/features/oversight/routes";
import { peopleRoutes } from "@/features/people/routes";
import { platformRoutes } from "@/features/platform/routes";
import { provisioningRoutes } from "@/features/provisioning/routes";
import { registryRoutes } from "@/features/registry/routes";
import { reviewRoutes } from "@/features/reviews/routes";
import { roleRoutes, roleRoutesOfProject } from "@/features/roles/routes";
import { securityRoutes } from "@/features/security/routes";
import { ssoRoutes } from "@/features/sso/routes";
import { supportRoutes } from "@/features/support/routes";
import { trainingRoutes } from "@/features/training/routes";
import { withheldRoutes } from "@/features/withheld/routes";
import { Gate } from "./gate";
import { NoProject } from "./no-project";
import { NotFound } from "./not-found";
import { Crashed } from "./crashed";
import { ProjectHome } from "./project-home";
import { SettingsFrame } from "./settings-frame";

const rootRoute = createRootRoute({ component: Gate, notFoundComponent: NotFound, errorComponent: Crashed });
const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: NoProject });
const settingsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/settings", component: SettingsFrame });
const projectRoute = createRoute({ getParentRoute: () => rootRoute, path: "/projects/$project" });
const projectHome = createRoute({ getParentRoute: () => projectRoute, path: "/", component: ProjectHome });

const tree = rootRoute.addChildren([
  homeRoute,
  ...accountRoutes(rootRoute),
  ...memberRoutesOfAccount(rootRoute),
  ...leakedRoutes(rootRoute),
  ...entranceRoutes(rootRoute),
  settingsRoute.addChildren([...peopleRoutes(settingsRoute), ...roleRoutes(settingsRoute), ...securityRoutes(settingsRoute), ...reviewRoutes(settingsRoute), ...memberRoutesOfStudio(settingsRoute), ...limitRoutes(settingsRoute), ...ssoRoutes(settingsRoute), ...provisioningRoutes(settingsRoute), ...supportRoutes(settingsRoute), ...platformRoutes(settingsRoute)]),
  projectRoute.addChildren([
    projectHome,
    ...createRoutes(projectRoute),
    ...galleryRoutes(projectRoute),
    ...datasetRoutes(projectRoute),
    ...trainingRoutes(projectRoute),
    ...registryRoutes(projectRoute),
    ...oversightRoutes(projectRoute),
    ...withheldRoutes(projectRoute),
    ...exitRoutes(projectRoute),
    ...memberRoutes(projectRoute),
    ...reviewRoutes(projectRoute),
    ...roleRoutesOfProject(projectRoute),
  ]),
]);

export function newRouter({ basepath, history }: { readonly basepath: string; readonly history?: RouterHistory }) {
  return createRouter({ routeTree: tree, basepath, defaultNotFoundComponent: NotFound, defaultErrorComponent: Crashed, ...(history ? { history } : {}) });
}
