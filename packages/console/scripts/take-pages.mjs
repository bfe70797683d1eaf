// Before the package is packed: takes of the built app what a console on an app's data shows, and what that loads.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const to = fileURLToPath(new URL("../", import.meta.url));
const web = fileURLToPath(new URL("../../../apps/web/", import.meta.url));
const bundle = join(web, "dist/console.js");
if (!existsSync(bundle) || !existsSync(join(web, ".next/BUILD_ID"))) {
  console.error("The pages are not built yet: run `npm run build` in the repository's root.");
  process.exit(1);
}
const { consolePages } = await import(pathToFileURL(bundle).href);

/** What the API stands on is beside the pages there: an app has its own, which answers in the console's process. */
const ofTheApi = packagesIn(join(web, ".next/node_modules"));
const texts = new Map();

for (const name of ["dist", ".next"]) rmSync(join(to, name), { recursive: true, force: true });
cpSync(bundle, join(to, "dist/console.js"));

const routes = Object.entries(JSON.parse(textOf("server/app-paths-manifest.json"))).filter(isShown);
for (const file of serverFiles(routes)) take(file);
for (const [, file] of routes) takeFolder(`server/${dirname(file)}`);
for (const folder of ["instrumentation", "middleware"]) takeFolder(`server/${folder}`);
// What stands outside of the app's folder is for visitors of the studio; but what Next shows where it fails lies there, too.
const failures = { "/404": "pages/404.html", "/500": "pages/500.html" };
for (const file of Object.values(failures)) take(`server/${file}`);
for (const folder of ["", "server/", "server/app/"]) {
  for (const name of readdirSync(join(web, ".next", folder)).filter(isReadAtStart))
    take(`${folder}${name}`);
}
takeFolder("static");
write("server/app-paths-manifest.json", Object.fromEntries(routes));
write("server/pages-manifest.json", failures);
write("required-server-files.json", settings());

/** What the build settled, without where it lay. */
function settings() {
  const { version, config } = JSON.parse(textOf("required-server-files.json"));
  const { outputFileTracingRoot, outputFileTracingIncludes, repoRoot, turbopack, ...rest } = config;
  return { version, config: rest, appDir: "", relativeAppDir: "", files: [], ignore: [] };
}

/** A route of `app-paths-manifest.json`: one of the console's pages, or what Next answers in place of one. */
function isShown([route]) {
  // Groups of pages are folders in the app alone, and stand in no address.
  const [, first] = route.replace(/\/\([^)]+\)/g, "").split("/");
  return (
    consolePages.includes(first) || ["_not-found", "_global-error", "icon.svg"].includes(first)
  );
}

/** Beside the routes. */
function isReadAtStart(name) {
  const isWanted = /^BUILD_ID$|manifest\.js$|\.(json|html|meta|body|rsc)$/;
  return isWanted.test(name) && !/^required-server-files|\.nft\.json$/.test(name);
}

/** The scripts of these routes, with all that they load, also later. */
function serverFiles(shown) {
  const runtime = "[turbopack]_runtime.js";
  const waiting = ["server/instrumentation.js", "server/middleware.js"];
  waiting.push(`server/chunks/${runtime}`, `server/chunks/ssr/${runtime}`);
  for (const [, file] of shown) {
    const manifest = `server/${file.replace(/\.js$/, "_client-reference-manifest.js")}`;
    waiting.push(`server/${file}`, ...(existsSync(join(web, ".next", manifest)) ? [manifest] : []));
  }
  const found = new Set();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    waiting.push(...loadedBy(file));
  }
  return found;
}

/** A list of scripts is loaded at once: where one of them is of the API, all are left out. */
function loadedBy(file) {
  const text = textOf(file);
  const lists = [...text.matchAll(/\[((?:"[^"]*",?)+)\]/g)].map(([, list]) => chunksIn(list));
  const left = new Set(lists.filter((list) => list.some(isOfTheApi)).flat());
  return chunksIn(text).filter((chunk) => !left.has(chunk));
}

function chunksIn(text) {
  return [...text.matchAll(/"(server\/chunks\/[^"]+\.js)"/g)].map(([, chunk]) => chunk);
}

function isOfTheApi(chunk) {
  return ofTheApi.some((name) => textOf(chunk).includes(name));
}

function textOf(file) {
  if (!texts.has(file)) texts.set(file, readFileSync(join(web, ".next", file), "utf8"));
  return texts.get(file);
}

/** Their names as the build calls them: `pg-ad45e98bb7b7a165`. */
function packagesIn(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith("@")
      ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
}

function takeFolder(folder) {
  cpSync(join(web, ".next", folder), join(to, ".next", folder), {
    recursive: true,
    filter: (path) => !/\.(map|nft\.json|br)$/.test(path),
  });
}

function write(file, content) {
  writeFileSync(join(to, ".next", file), JSON.stringify(content));
}

function take(file) {
  cpSync(join(web, ".next", file), join(to, ".next", file));
}
