import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@fermata/embedded/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { seeConsoleOf } from "./setup/console-of-app";
import { installExample, packAll, run, servePage, startExample } from "./setup/packed";
import { png } from "./setup/samples";

const root = fileURLToPath(new URL("../..", import.meta.url));
const examples = await readdir(join(root, "examples"));
const minutes = 60_000;
const canBrowse = hasBrowser("The console, and a page on React 18");

let work: string;
/** What a manifest names each packed package by. */
let tarballs: Record<string, string>;

/** The packages that come along with an import, by name. */
async function packagesLoadedBy(module: string, cwd: string): Promise<string[]> {
  const hooks = `export async function resolve(name, context, next) {
    const found = await next(name, context);
    process._rawDebug(found.url);
    return found;
  }`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
  const imports = ["--import", `data:text/javascript,${encodeURIComponent(register)}`];
  const script = ["--input-type=module", "-e", `await import(${JSON.stringify(module)})`];
  const said = await run(process.execPath, [...imports, ...script], cwd);
  const names = said.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/g);
  return [...new Set([...names].map(([, name = ""]) => name))];
}

/** The packages whose types the published declarations name, by name. */
async function namedByDeclarations(dir: string): Promise<string[]> {
  const files = (await readdir(dir)).filter((name) => name.endsWith(".d.ts"));
  const texts = await Promise.all(files.map((name) => readFile(join(dir, name), "utf8")));
  const specifiers = texts.flatMap((text) => [
    ...text.matchAll(/(?:from |import\(|import )"((?:node:|@[^/"]+\/)?[^./"][^/"]*)/g),
  ]);
  return [...new Set(specifiers.map(([, name = ""]) => name))].sort();
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "fermata-examples-"));
  tarballs = await packAll(work);
}, 10 * minutes);
afterAll(() => rm(work, { recursive: true, force: true }), 2 * minutes);

test.concurrent.each(examples)(
  "the example %s installs what is published, compiles, and does what it says",
  async (name) => {
    const dir = await installExample(name, work, tarballs);
    // Decoders, parsers and the AWS SDK load when they are first needed.
    const loaded = await packagesLoadedBy("@fermata/server", dir);
    expect(loaded).toContain("@prisma/client");
    expect(loaded).toContain("zod");
    const heavy =
      /^(@aws-sdk|@smithy|@node-rs)\/|^(sharp|libheif-js|mediabunny|thumbhash|next|vitest)$/;
    expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
    expect(await namedByDeclarations(join(dir, "node_modules/@fermata/server/dist/lib"))).toEqual([
      "@trpc/server",
      "inngest",
      // Of `@fermata/server/node`, which is given Node's server and requests.
      "node:http",
      "node:stream",
      "zod",
    ]);
    await run("npm", ["run", "typecheck"], dir);
    const database = await createTestDatabase();
    try {
      // The app's own: nothing of ours is in it.
      const client = new pg.Client(database.url);
      await client.connect();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await client.end();
      const env = { DATABASE_URL: database.url, PORT: "0", BYTES: join(dir, "bytes") };
      const said = await run("npm", ["test"], dir, env);
      expect(said).toContain("An invoice owned its PDF, and let go of it.");
      // Its column, too, is looked at.
      expect(said).toMatch(/ok {4}migrations\n(.*\n)*ok {4}owner /);
      const console = "@fermata/console";
      const { devDependencies } = JSON.parse(await readFile(join(dir, "package.json"), "utf8"));
      if (!devDependencies[console])
        await expect(run("npx", ["fermata", "console"], dir, env)).rejects.toThrow(
          `npm install --save-dev ${console}`,
        );
      else if (canBrowse) await seeConsoleOf(dir, env);
    } finally {
      await database.drop();
    }
  },
  10 * minutes,
);

/** What asks for a package as its README says, in a fresh project. */
const installers = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
  pnpm: ["npx", "-y", "pnpm@12.21.0", "add"],
  yarn: ["npx", "-y", "yarn@1.22.22", "add", "--no-progress", "--silent"],
};
const peers = ["@tanstack/react-query", "@trpc/client", "@trpc/server", "react", "react-dom"];

test.each(Object.entries(installers))(
  "%s installs the packed client into a fresh project, where it loads",
  async (name, [command = "", ...args]) => {
    const dir = join(work, `fresh-${name}`);
    await mkdir(dir);
    await writeFile(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run(command, [...args, tarballs["@fermata/api"] ?? "", ...peers], dir);
    const script = `
      const { createFermata } = await import("@fermata/api");
      const { UploadButton } = await import("@fermata/api/react");
      console.log(typeof createFermata({ url: "http://127.0.0.1:9" }).files.upload, typeof UploadButton);
    `;
    const said = await run(process.execPath, ["--input-type=module", "-e", script], dir);
    expect(said).toContain("function function");
  },
  5 * minutes,
);

test(
  "Vite builds a page on React 18 with the packed client, and it uploads by the rules of an app that mounts the server",
  async () => {
    const dir = join(work, "vite-page");
    await cp(join(root, "e2e/fixtures/vite-page"), dir, { recursive: true });
    const onReact18 = peers.map((name) => (name.startsWith("react") ? `${name}@18` : name));
    const install = [...installers.npm.slice(1), tarballs["@fermata/api"] ?? "", ...onReact18];
    await run(
      "npm",
      [...install, "vite@8", "@types/react@18", "@types/react-dom@18", "typescript@6"],
      dir,
    );
    await run("npx", ["tsc", "-p", "."], dir);
    await run("npx", ["vite", "build"], dir);
    const assets = await readdir(join(dir, "dist/assets"));
    expect(assets.filter((name) => name.endsWith(".css"))).toHaveLength(1);
    expect(assets.some((name) => name.startsWith("upload-in-parts"))).toBe(true);
    const page = await readFile(join(dir, "dist/index.html"), "utf8");
    expect(page.match(/<script[^>]+src=/g)).toHaveLength(1);
    if (canBrowse) await tryPage(dir);
  },
  5 * minutes,
);

/** In a browser: files go to an app that mounts Fermata, and what its rule does not take is refused in words, and stays. */
async function tryPage(dir: string): Promise<void> {
  const database = await createTestDatabase();
  const example = await installExample("hono-pg", join(work, "app-of-page"), tarballs);
  const app = await startExample(example, database.url);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await servePage(page, app.origin, join(dir, "dist"));
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && !request.url().includes("/trpc/"))
        sent.push(request.url());
    });
    await page.goto(app.origin);
    await page.getByRole("heading", { name: /^React 18\./ }).waitFor();

    const portrait = { name: "portrait.png", mimeType: "image/png", buffer: Buffer.from(png()) };
    await page.getByLabel("Portrait").setInputFiles(portrait);
    const shown = page.getByRole("img", { name: "portrait.png, image/png" });
    await shown.waitFor();
    const isLoaded = () => shown.evaluate((image: HTMLImageElement) => image.naturalWidth > 0);
    await expect.poll(isLoaded).toBe(true);
    expect(sent).toHaveLength(1);

    const file = (name: string, mimeType: string, sizeBytes: number) => ({
      ...{ name, mimeType, buffer: Buffer.alloc(sizeBytes, "%PDF-1.7\n") },
    });
    const fields = {
      button: page.getByLabel("Invoice", { exact: true }),
      dropzone: page.getByLabel("Invoices"),
    };
    for (const [where, field] of Object.entries(fields)) {
      const place = page.getByTestId(where);
      // Its rule, by the server.
      await expect.poll(() => field.getAttribute("accept")).toBe("application/pdf");
      await field.setInputFiles(file("notes.txt", "text/plain", 5));
      await place.getByText("Files of this type are not taken here.").first().waitFor();
      await field.setInputFiles(file("large.pdf", "application/pdf", 10_000_001));
      await place.getByText("That is larger than allowed.").first().waitFor();
      await expect.poll(() => place.getByRole("status").textContent()).toContain("large.pdf");
    }
    expect(sent).toHaveLength(1);
    await fields.dropzone.setInputFiles(file("invoice.pdf", "application/pdf", 9_000_000));
    await page
      .getByTestId("dropzone")
      .getByText(/^Uploaded/)
      .waitFor();
    expect(sent).toHaveLength(2);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await app.stop();
    await database.drop();
  }
}
