import type { Page } from "playwright-core";
import type { Rpc } from "../setup/rpc";

/** A page in one of its states. */
export interface View {
  name: string;
  path(facts: Record<string, string>): string;
  isSignedIn: boolean;
  /** What brings it into the state, once it is on show. */
  act?(page: Page): Promise<void>;
}

const open = (name: string, path: string): View => ({ name, path: () => path, isSignedIn: false });
const signedIn = (name: string, path: string, act?: View["act"]): View => ({
  name,
  path: () => path,
  isSignedIn: true,
  ...(act && { act }),
});

export const views: View[] = [
  open("sign-in", "/sign-in"),
  {
    ...open("sign-in-refused", "/sign-in"),
    async act(page) {
      await page.getByLabel("Email").fill("nobody@example.com");
      await page.getByRole("textbox", { name: "Password" }).fill("not the password");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("alert").first().waitFor();
    },
  },
  open("invite-broken", "/invite"),
  open("not-found", "/nowhere"),
  open("instrument-missing", "/instruments/no-such"),
  { ...open("instrument", ""), path: ({ slug }) => `/instruments/${slug}` },
  signedIn("overview", "/"),
  signedIn("files", "/files"),
  signedIn("files-nothing-found", "/files?search=nothing-is-called-so"),
  signedIn("media", "/media"),
  signedIn("instruments", "/instruments"),
  { ...signedIn("instrument-editor", ""), path: ({ id }) => `/instruments/edit/${id}` },
  signedIn("crons", "/crons"),
  signedIn("cron-job", `/crons/${encodeURIComponent("purge expired signaling")}`),
  signedIn("rooms", "/rooms"),
  signedIn("audit", "/audit"),
  signedIn("settings", "/settings"),
  signedIn("health", "/health"),
  signedIn("components", "/components"),
  open("docs", "/docs/"),
  open("docs-guide", "/docs/files/"),
  open("docs-reference", "/docs/reference/files/list/"),
  {
    ...open("docs-search", "/docs/"),
    async act(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("textbox").fill("upload");
      await page.getByText(/results for upload/).waitFor();
    },
  },
  signedIn("palette", "/", async (page) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
  }),
];

/** Makes what the demo leaves open: a room, and an instrument that everybody can see. @returns where they are */
export async function openEverything(rpc: Rpc): Promise<Record<string, string>> {
  await rpc.mutate("signaling.createRoom", { name: "Tuesday lesson", capacity: 2 });
  // The demo is put there as the server starts.
  for (;;) {
    const { data } = await rpc.query("instruments.list", {});
    const shown = data.items.find((one: { publishedAt: string | null }) => one.publishedAt);
    if (shown) return { id: shown.instrumentId, slug: shown.slug };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
