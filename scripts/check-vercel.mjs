// `npm run check-vercel`, after a build: what Vercel would carry along for each function, by what Next traced. It ends with 1
// where one is larger than it should be.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./workspace.mjs";

/** A start unpacks all of it first. Vercel itself refuses 250 MB. */
const mostBytes = 40 * 1024 ** 2;

const app = join(root, "apps/web/.next/server");

/** @returns each function that was built, with the bytes of the files that were traced, unpacked */
export function functionSizes(dir = app) {
  if (!existsSync(dir)) throw new Error("Nothing is built: run `npm run build` first.");
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) =>
      /(page|route|middleware|proxy|pages\/instruments\/.*)\.js\.nft\.json$/.test(name),
    )
    .map((name) => ({
      name: name.replace(/\.js\.nft\.json$/, ""),
      bytes: tracedBytes(join(dir, name)),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** What several links lead to is carried once. */
function tracedBytes(trace) {
  const files = new Set();
  for (const file of JSON.parse(readFileSync(trace, "utf8")).files) {
    const path = resolve(dirname(trace), file);
    if (existsSync(path)) files.add(realpathSync(path));
  }
  let bytes = 0;
  for (const file of files) {
    const stat = statSync(file);
    if (stat.isFile()) bytes += stat.size;
  }
  return bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const sizes = functionSizes();
  for (const { name, bytes } of sizes)
    console.log(`${(bytes / 1024 ** 2).toFixed(1).padStart(6)} MB  ${name}`);
  const large = sizes.filter(({ bytes }) => bytes > mostBytes);
  if (sizes.length === 0) throw new Error("No function was built.");
  if (large.length > 0) {
    console.error(
      `More than ${mostBytes / 1024 ** 2} MB: ${large.map(({ name }) => name).join(", ")}`,
    );
    process.exitCode = 1;
  }
}
