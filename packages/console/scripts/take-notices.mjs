// Before the package is packed: the licences of what its scripts were bundled from, as the maps of these name it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = fileURLToPath(new URL("../", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));
const web = join(root, "apps/web");

const scripts = ["dist", ".next/server"].flatMap((folder) =>
  readdirSync(join(packageDir, folder), { recursive: true }).map((name) => join(folder, name)),
);
const folders = new Set(
  scripts
    .map((script) => join(web, `${script}.map`))
    .filter((map) => existsSync(map))
    .flatMap((map) => sourcesOf(JSON.parse(readFileSync(map, "utf8"))))
    .map(packageFolder)
    // A package's own maps name folders of where it was built.
    .filter((folder) => folder && existsSync(join(root, folder, "package.json"))),
);
const notices = [...folders].sort().map(notice);
if (notices.length < 20) throw new Error("The maps name too few packages: were they built?");
writeFileSync(
  join(packageDir, "dist/THIRD-PARTY-NOTICES.txt"),
  notices.join(`\n${"-".repeat(80)}\n\n`),
);

function sourcesOf({ sources = [], sections = [] }) {
  return [...sources, ...sections.flatMap(({ map }) => sourcesOf(map))].map(decodeURIComponent);
}

/** `node_modules/.pnpm/zod@4.6.7/node_modules/zod` of `…/src/core.js` in it. */
function packageFolder(source) {
  return /node_modules\/\.pnpm\/[^/]+\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
}

function notice(folder) {
  const dir = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const file = readdirSync(dir).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? `\n${readFileSync(join(dir, file), "utf8").trim()}\n` : "";
  return `${name} ${version}, ${license}\n${text}`;
}
