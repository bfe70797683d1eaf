import type { StarlightUserConfig } from "@astrojs/starlight/types";
import { listPages } from "./page-files";

type Sidebar = NonNullable<StarlightUserConfig["sidebar"]>;

/** The site's pages in the order in which one wants them; their names are their titles. */
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

const linksTo = (paths: string[]) => paths.map((path) => ({ slug: path || "index" }));

const folder = (label: string, paths: string[]) => ({
  label,
  collapsed: true,
  items: linksTo(paths),
});

/** What the reference has pages of procedures of. */
function featuresOf(pages: string[]): string[] {
  const found = pages.flatMap((path) => {
    const [first, feature, procedure] = path.split("/");
    return first === "reference" && feature && procedure ? [feature] : [];
  });
  return [...new Set(found)];
}

function sidebarOf(pages: string[]): Sidebar {
  const listed = new Set(Object.values(sections).flat());
  const rest = pages.filter((path) => !listed.has(path));
  const within = (name: string) =>
    rest.filter((path) => path === name || path.startsWith(`${name}/`));
  const names = ["reference", ...Object.keys(folders)];
  const loose = rest.filter((path) => !names.includes(path.split("/")[0] ?? ""));
  const { Reference: reference = [], ...others } = sections;
  return [
    ...Object.entries(others).map(([label, paths]) => ({ label, items: linksTo(paths) })),
    {
      label: "Reference",
      items: [
        ...linksTo(reference),
        ...featuresOf(pages).map((feature) => folder(feature, within(`reference/${feature}`))),
      ],
    },
    {
      label: "Inside",
      items: [
        ...linksTo(loose),
        ...Object.entries(folders).map(([name, label]) => folder(label, within(name))),
      ],
    },
  ];
}

export const sidebar = sidebarOf(listPages());
