import type { Folder, Item, Root } from "fumadocs-core/page-tree";
import { source } from "./source";

/** The site's pages in the order in which one wants them. */
const sections: Record<string, string[]> = {
  "Start here": ["", "add-to-your-app", "tutorial", "glossary"],
  Guides: [
    "packages/api",
    "files",
    "file-types",
    "uploads",
    "media-and-instruments",
    "crons",
    "calls",
    "components",
    "curl",
    "accounts",
    "port-from-convex",
    "port-from-uploadthing",
  ],
  Operating: [
    "operations",
    "deploy",
    "deploy-to-vercel",
    "provision-r2",
    "backup",
    "hosts",
    "scale",
  ],
  "What holds": ["guarantees", "performance", "threat-model", "verification"],
  Reference: ["reference", "reference/shapes", "reference/errors"],
};

const folders: Record<string, string> = {
  decisions: "Decisions",
  packages: "Packages",
  examples: "Examples",
  apps: "Apps",
};

function itemOf(path: string): Item {
  const page = source.getPage(path.split("/").filter(Boolean));
  if (!page) throw new Error(`There is no page ${path}.`);
  return { type: "page", name: path === "" ? "Fermata" : page.data.title, url: page.url };
}

/** What the reference has pages of procedures of. */
function features(): string[] {
  const found = source.getPages().flatMap(({ slugs: [first, feature, procedure] }) => {
    return first === "reference" && feature && procedure ? [feature] : [];
  });
  return [...new Set(found)];
}

function treeOf(): Root {
  const listed = new Set(Object.values(sections).flat());
  const rest = source
    .getPages()
    .map(({ slugs }) => slugs.join("/"))
    .filter((path) => !listed.has(path));
  const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
  const names = ["reference", ...Object.keys(folders)];
  const loose = rest.filter(
    (path) => !names.includes(path) && !names.some((folder) => isIn(folder)(path)),
  );
  return {
    name: "Fermata",
    children: [
      ...Object.entries(sections).flatMap(([name, paths]) => [
        { type: "separator" as const, name },
        ...paths.map(itemOf),
      ]),
      ...features().map(
        (feature): Folder => ({
          type: "folder",
          name: feature,
          children: rest.filter(isIn(`reference/${feature}`)).map(itemOf),
        }),
      ),
      { type: "separator", name: "Inside" },
      ...loose.map(itemOf),
      ...Object.entries(folders).map(
        ([folder, name]): Folder => ({
          type: "folder",
          name,
          ...(rest.includes(folder) && { index: itemOf(folder) }),
          children: rest.filter(isIn(folder)).sort().map(itemOf),
        }),
      ),
    ],
  };
}

export const tree = treeOf();
