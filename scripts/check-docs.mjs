// Builds the documentation site and follows every link of every page: to a page that is there, and to a heading that it has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

const broken = [];
for (const [page, html] of pages) {
  // What the page shows, not the data from which scripts would show it again.
  const shown = html.replace(/<script[\s\S]*?<\/script>/g, "");
  for (const [, href] of shown.matchAll(/<a [^>]*href="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(href)) continue;
    const { pathname, hash } = new URL(href, `http://site${page}`);
    const target = pages.get(pathname.endsWith("/") ? pathname : `${pathname}/`);
    const id = decodeURIComponent(hash.slice(1));
    if (!target || (id && !target.includes(`id="${id}"`))) broken.push(`${page}: ${href}`);
  }
}
for (const line of new Set(broken)) console.error(line);
console.log(`${pages.size} pages, ${new Set(broken).size} broken links`);
process.exit(broken.length === 0 && pages.size > 40 ? 0 : 1);
