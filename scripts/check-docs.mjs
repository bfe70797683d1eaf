// Builds the documentation site, follows every link of every page, to a page that is there and to a heading that it has, and
// weighs the pages.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildDocs, root } from "./workspace.mjs";

await buildDocs();
const site = join(root, "apps/docs/out");
const pages = new Map(
  readdirSync(site, { recursive: true })
    .filter((name) => name.endsWith("index.html"))
    .map((name) => [
      `/docs/${name.slice(0, -"index.html".length)}`,
      readFileSync(join(site, name), "utf8"),
    ]),
);

const amiss = [];
for (const [page, html] of pages) {
  // What the page shows, not the data from which scripts would show it again.
  const shown = html.replace(/<script[\s\S]*?<\/script>/g, "");
  for (const [, href] of shown.matchAll(/<a [^>]*href="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(href)) continue;
    const { pathname, hash } = new URL(href, `http://site${page}`);
    const target = pages.get(pathname.endsWith("/") ? pathname : `${pathname}/`);
    const id = decodeURIComponent(hash.slice(1));
    if (!target || (id && !target.includes(`id="${id}"`))) amiss.push(`${page}: ${href}`);
  }
}

const kb = 1024;
const packed = new Map();
const packedBytes = (path) => {
  if (!packed.has(path)) packed.set(path, gzipSync(readFileSync(join(site, path))).length);
  return packed.get(path);
};
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** What a browser that has nothing yet waits for, letters and pictures left out. */
function weightOf(html) {
  const files = (pattern) =>
    [...html.matchAll(pattern)].map(([, path]) => packedBytes(path.replace(/^\/docs\//, "")));
  const scripts = sum(files(/<script [^>]*src="([^"]+)"/g));
  const styles = sum(files(/<link rel="stylesheet" href="([^"]+)"/g));
  return { scripts, all: gzipSync(html).length + scripts + styles };
}

const weights = [...pages].map(([page, html]) => ({ page, ...weightOf(html) }));
const heavy = weights.filter(({ scripts, all }) => scripts > 8 * kb || all > 64 * kb);
for (const { page, scripts, all } of heavy)
  amiss.push(`${page}: ${Math.round(all / kb)} KB, ${Math.round(scripts / kb)} of scripts`);

for (const line of new Set(amiss)) console.error(line);
console.log(`${pages.size} pages, ${new Set(amiss).size} broken links or heavy pages`);
process.exit(amiss.length === 0 && pages.size > 40 ? 0 : 1);
