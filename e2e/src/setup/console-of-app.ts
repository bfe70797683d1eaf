import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect } from "vitest";
import { launchBrowser } from "./browser";

/** What an app holds that the console should show; run where the app is installed. */
const fill = `
  import { createFermata } from "@fermata/api";
  import { fermata, pool } from "./fermata.js";
  const own = { ownerId: "maja" };
  await fermata.files.store(new TextEncoder().encode("All of it, by May."), {
    ...own, contentType: "text/plain", filename: "Terms of May.txt",
  });
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await fermata.media.store(pixel, { ...own, contentType: "image/png", filename: "Bow.png", visibility: "public" });
  const client = createFermata({
    url: "http://app.example/api/fermata",
    token: "maja",
    fetch: (input, init) => fermata.handler(new Request(input, init)),
  });
  await client.trpc.signaling.createRoom.mutate({ name: "Lesson of May" });
  await fermata.close();
  await pool.end();
`;

/** What each page shows of the app of `fill`. */
const shown: Record<string, string> = {
  "/files": "Terms of May.txt",
  "/media": "Bow.png",
  "/crons": "purge unattached files",
  "/rooms": "Lesson of May",
  "/health": "PostgreSQL",
};

/**
 * Looks at an installed app through `npx fermata console`, in a browser.
 * @param dir where the app is installed, with the packages `fermata` and `@fermata/console`
 */
export async function seeConsoleOf(dir: string, env: Record<string, string>): Promise<void> {
  const options = { cwd: dir, env: { ...process.env, NODE_PATH: undefined, ...env } };
  const script = join(dir, "src/fill.ts");
  await writeFile(script, fill);
  await promisify(execFile)("npx", ["tsx", script], options);

  const command = join(dir, "node_modules/.bin/fermata");
  const served = spawn(command, ["console", "--json", "--port", "0"], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const browser = await launchBrowser();
  try {
    const { link } = JSON.parse(await firstLine(served));
    const { origin } = new URL(link);
    const page = await browser.newPage();
    const amiss: string[] = [];
    page.on("pageerror", (error) => amiss.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) amiss.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(link);
    for (const [path, text] of Object.entries(shown)) {
      await page.goto(origin + path);
      await page.getByText(text).first().waitFor();
    }
    expect(amiss).toEqual([]);
    const second = await browser.newContext();
    const answers = [link, `${origin}/files`].map(async (url) =>
      (await second.request.get(url)).status(),
    );
    expect(await Promise.all(answers)).toEqual([403, 401]);
  } finally {
    await browser.close();
    served.kill();
    if (served.exitCode === null) await once(served, "exit");
  }
  expect(served.exitCode).toBe(0);
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream }))
    return line;
  throw new Error("The console ended before it said where it is.");
}
