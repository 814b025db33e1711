import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// The page's own address decides the studio; tests live in one.
beforeEach(() => {
  window.history.replaceState(null, "", "/s/northlight/");
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(cleanup);
