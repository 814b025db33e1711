import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { RefusedPage } from "./refused-page";
import { SetPasswordPage } from "./set-password-page";
import { VerifyEmailPage } from "./verify-email-page";

export function entranceRoutes(parent: AnyRoute) {
  return [
    createRoute({ getParentRoute: () => parent, path: "sign-in", component: RefusedPage }),
    createRoute({ getParentRoute: () => parent, path: "set-password", component: SetPasswordPage }),
    createRoute({ getParentRoute: () => parent, path: "verify-email", component: VerifyEmailPage }),
  ];
}
