import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const require = createRequire(import.meta.url);
const packageOf = (name: string) => dirname(require.resolve(`${name}/package.json`));
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-react-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The page on one version of React, as an app's server would load it. */
async function pageOn(suffix: string): Promise<typeof import("./testing/server-rendering")> {
  const outfile = join(dir, `page${suffix}.cjs`);
  await build({
    entryPoints: [fileURLToPath(new URL("testing/server-rendering.tsx", import.meta.url))],
    alias: { react: packageOf(`react${suffix}`), "react-dom": packageOf(`react-dom${suffix}`) },
    jsx: "automatic",
    bundle: true,
    format: "cjs",
    platform: "node",
    outfile,
    logLevel: "silent",
  });
  return require(outfile);
}

describe.each([
  ["18", "-18"],
  ["19", ""],
])("on a server with React %s", (_, suffix) => {
  test("everything is rendered without a window, and nothing is asked for", async () => {
    const { renderPage } = await pageOn(suffix);
    const asked: unknown[] = [];
    const html = renderPage(async (input) => {
      asked.push(input);
      return new Response("[]");
    });
    expect(html).toContain("idle idle pending null idle");
    for (const label of ["Add a picture", "Photos"])
      expect(html).toContain(`aria-label="${label}"`);
    expect(html).toMatch(/data-fermata="file-image"[^>]*inline-size:240px;block-size:160px/);
    expect(html).toContain(">ML</span>");
    expect(asked).toEqual([]);
  });

  test("a page suspends until its data are there, asked for as whoever asks for the page", async () => {
    const { streamPage } = await pageOn(suffix);
    const bearers: (string | null)[] = [];
    const html = await streamPage(async (_input, init) => {
      bearers.push(new Headers(init?.headers).get("authorization"));
      return Response.json([{ result: { data: "https://example.com/file" } }]);
    });
    expect(html).toContain('<a href="https://example.com/file">The file</a>');
    expect(bearers).toEqual(["Bearer of the request"]);
  });
});
