import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { Design } from "./design";
import { Dialog } from "./dialog";
import { SidePanel } from "./side-panel";

/** The first is drawn before the others, as the one that asks for a second factor is, and opens last. */
function Three() {
  const [isAsking, setIsAsking] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Dialog title="Asked" closeLabel="Close" isOpen={isAsking} onClose={() => { setIsAsking(false); }}>
        asked
      </Dialog>
      <SidePanel title="Panel" closeLabel="Close" isOpen onClose={() => undefined}>
        <button type="button" onClick={() => { setIsOpen(true); }}>
          open
        </button>
      </SidePanel>
      <Dialog title="Form" closeLabel="Close" isOpen={isOpen} onClose={() => { setIsOpen(false); }}>
        <button type="button" onClick={() => { setIsAsking(true); }}>
          ask
        </button>
      </Dialog>
    </>
  );
}

const height = (name: string): number => Number(screen.getByRole("dialog", { name }).closest<HTMLElement>("[style*='--mb-z-index']")?.style.getPropertyValue("--mb-z-index"));

it("lays what opened last over everything else, wherever it is drawn, and closes that alone by Escape", async () => {
  const user = userEvent.setup();
  render(<Design instant><Three /></Design>);
  await user.click(screen.getByText("open"));
  await user.click(screen.getByText("ask"));
  expect(height("Asked")).toBeGreaterThan(height("Form"));
  expect(height("Form")).toBeGreaterThan(height("Panel"));
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog", { name: "Asked" })).toBeNull();
  expect(screen.getByRole("dialog", { name: "Form" })).toBeTruthy();
});
