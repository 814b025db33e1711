import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { ReviewPage } from "./review-page";
import { ReviewsPage } from "./reviews-page";

/** The same two pages in the studio's settings and in a project: the address says whose reviews they are. */
export function reviewRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "reviews", component: ReviewsPage }), createRoute({ getParentRoute: () => parent, path: "reviews/$review", component: ReviewPage })];
}
