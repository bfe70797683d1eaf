import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter } from "./setup/console-page";
import { troublesOf } from "./setup/page-troubles";
import { publishInstrument } from "./setup/published-instrument";
import { signIn, signInAdmin } from "./setup/rpc";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("Accessibility");
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

// The pages are the same ones in either hosting.
const [target] = targets;

const views = [
  { colorScheme: "light", width: 1440, height: 900 },
  { colorScheme: "dark", width: 1440, height: 900 },
  { colorScheme: "dark", width: 375, height: 812 },
  { colorScheme: "light", width: 375, height: 812 },
] as const;

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; target: string[] }[];
}

describe.runIf(canBrowse && target)(
  "pages, by axe, in both themes, on a desk and on a phone",
  () => {
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    let browser: Browser;
    let page: Page;
    let slug: string;
    let instrumentId: string;

    beforeAll(async () => {
      browser = await launchBrowser();
      const admin = await signInAdmin(target as Target);
      await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
      const rpc = await signIn(target as Target, account.email, account.password);
      ({ instrumentId, slug } = await publishInstrument(rpc, 2));
      await rpc.mutate("signaling.createRoom", { name: "Tuesday lesson", capacity: 2 });
      // Its content security policy would refuse what looks at the page.
      const context = await browser.newContext({
        baseURL: (target as Target).baseUrl,
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(15_000);
      page = await context.newPage();
    });
    afterAll(() => browser?.close());

    /** What axe finds of the page on show, in every view, and what of its text cannot be read at some width. */
    async function found(): Promise<string[]> {
      await page.addScriptTag({ path: axePath });
      const complaints: string[] = [];
      for (const { colorScheme, width, height } of views) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as {
            axe: { run(options: object): Promise<{ violations: Violation[] }> };
          };
          const options = {
            resultTypes: ["violations"],
            rules: { "label-content-name-mismatch": { enabled: true } },
          };
          return (await axe.run(options)).violations;
        });
        for (const { id, impact, nodes } of violations) {
          if (impact === "minor") continue;
          const where = nodes.map(({ html }) => html.slice(0, 160)).join("\n    ");
          complaints.push(`${colorScheme} ${width}: ${id} (${impact})\n    ${where}`);
        }
      }
      for (const width of [375, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        const troubles = await troublesOf(page);
        complaints.push(...troubles.map((trouble) => `${width}: ${trouble}`));
      }
      return complaints;
    }

    test.each([
      ["/sign-in", "Sign in"],
      ["/sign-up", ""],
      ["/invite", "A part of the link is missing"],
      ["/nowhere", "Nothing is held here"],
      ["/instruments/no-such", "This page is not here"],
    ])("%s", async (path, heading) => {
      await page.goto(path);
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      expect(await found()).toEqual([]);
    });

    test("the page of an instrument", async () => {
      await page.goto(`/instruments/${slug}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await found()).toEqual([]);
    });

    describe("signed in", () => {
      beforeAll(async () => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto("/sign-in");
        await enter(page, account);
      });

      test.each([
        ["/", "Your storage"],
        ["/files", "Files"],
        ["/media", "Today"],
        ["/instruments", "Instruments"],
        ["/crons", "Crons"],
        ["/rooms", "Open now"],
        ["/audit", "Audit"],
        ["/settings", "Sessions"],
        ["/health", "Health"],
      ])("%s", async (path, heading) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(path);
        await page.getByRole("heading", { name: heading }).first().waitFor();
        await page.waitForLoadState("networkidle").catch(() => {});
        expect(await found()).toEqual([]);
      });

      test("an instrument's editor, and a dialog", async () => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`/instruments/edit/${instrumentId}`);
        await page.getByRole("button", { name: "Save" }).waitFor();
        expect(await found()).toEqual([]);
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.getByRole("button", { name: "Delete this instrument…" }).click();
        await page.getByRole("dialog").waitFor();
        expect(await found()).toEqual([]);
      });
    });
  },
);
