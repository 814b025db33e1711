/* What a person does that the page's own locators cannot: dropping files, looking closely at a picture, asking the API with her session. */
import { basename } from "node:path";
import type { Locator, Page } from "playwright-core";

/** Drop files or folders from the file manager onto a place of the page, as the browser itself hands them over. */
export async function dropFromDisk(page: Page, place: Locator, paths: readonly string[]): Promise<void> {
  const box = await place.boundingBox();
  if (!box) throw new Error("the place to drop on is not visible");
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [...paths], dragOperationsMask: 1 } };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await session.send("Input.dispatchDragEvent", { type, ...at });
  await session.detach();
}

export interface Made {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Drop files that only this test knows: a drop event that carries a DataTransfer. */
export async function dropMade(page: Page, place: Locator, files: readonly Made[]): Promise<void> {
  const told = files.map(({ name, type, bytes }) => ({ name: basename(name), type, base64: bytes.toString("base64") }));
  const dataTransfer = await page.evaluateHandle((inside) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of inside) transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
    return transfer;
  }, told);
  await place.dispatchEvent("dragover", { dataTransfer });
  await place.dispatchEvent("drop", { dataTransfer });
}

/** The same picture with one pixel changed: another file, which looks the same. */
export async function nearlyTheSame(page: Page, picture: Buffer): Promise<Buffer> {
  const told = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const brush = canvas.getContext("2d");
    brush?.drawImage(image, 0, 0);
    brush?.fillRect(0, 0, 1, 1);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  }, picture.toString("base64"));
  return Buffer.from(told, "base64");
}

export interface Seen {
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** Every pixel's red, green, blue and alpha. */
  readonly pixels: string;
}

/** A picture as it is drawn, pixel for pixel: files differ by their signatures even where pictures are equal. */
export async function look(picture: Locator): Promise<Seen> {
  return picture.evaluate((image: HTMLImageElement) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    brush?.drawImage(image, 0, 0);
    const drawn = brush?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return { source: image.src, width: canvas.width, height: canvas.height, pixels: Array.from(drawn, (value) => value.toString(16).padStart(2, "0")).join("") };
  });
}

/** Ask the API with the session of whoever is at this page. */
export async function ask(page: Page, path: string, body?: object): Promise<{ readonly status: number; readonly told: Readonly<Record<string, unknown>> }> {
  return page.evaluate(async ({ path, body }) => {
    const prefix = /^\/s\/[a-z0-9-]+/.exec(window.location.pathname)?.[0] ?? "";
    const token = /(?:^|;\s*)csrftoken[^=]*=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(`${prefix}/api/v1${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    return { status: answer.status, told: (await answer.json()) as Record<string, unknown> };
  }, { path, body });
}

/** Give the browser an authenticator that proves its owner, and add a passkey of it on the account's page. */
export async function addPasskey(page: Page, who: { readonly password: string }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("Password").fill(who.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByLabel("Name of the passkey").fill("Studio laptop");
  await dialog.getByRole("button", { name: "Make passkey" }).click();
  // Where the studio asks everybody for one, who has just made hers has to show it.
  await page.getByText("Studio laptop").or(page.getByRole("button", { name: "Use a passkey" })).first().waitFor();
}
