import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";

async function start(): Promise<void> {
  // The mock service exists in development alone; a build drops the branch and the module with it.
  if (import.meta.env.MODE === "mock") {
    const { startMock } = await import("./testing/mock");
    startMock();
  }
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
}

void start();
