import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { GalleryPage } from "./gallery-page";
import { type GallerySearch, readSearch } from "./search";

export function galleryRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "gallery",
      component: GalleryPage,
      validateSearch: (search: Record<string, unknown>): GallerySearch => readSearch(search),
    }),
  ];
}
