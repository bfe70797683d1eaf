// Puts beside the built package what of its components is no script: the stylesheet, and a shadcn registry, whose items are the
// components' own sources with what they use of this package imported from it.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const packageDir = join(import.meta.dirname, "..");
const sourceDir = join(packageDir, "src/components");
const registryDir = join(packageDir, "dist/registry");
const styles = "fermata.css";

/** An app that has shadcn's variables has its own colours. */
const asShadcn = `:where([data-fermata]) {
  --fermata-ink: var(--foreground);
  --fermata-quiet: var(--muted-foreground);
  --fermata-surface: var(--card);
  --fermata-well: var(--secondary);
  --fermata-tint: var(--accent);
  --fermata-line: var(--border);
  --fermata-outline: var(--muted-foreground);
  --fermata-accent: var(--primary);
  --fermata-on-accent: var(--primary-foreground);
  --fermata-bad: var(--destructive);
  --fermata-radius: var(--radius);
}
`;

const {
  name: packageName,
  version,
  peerDependencies,
} = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
const about = {
  "file-image": "A stored picture in the smallest copy that does, over its blurred placeholder.",
  "media-image": "A photo, or the poster of a clip, in the smallest copy that does.",
  "media-video": "A clip or a recording, in a place that does not change its size.",
  "peer-video": "Who takes part in a call: the picture, or the name while the camera is off.",
  "upload-button": "A button that uploads what is chosen, dropped on it or pasted.",
  "upload-dropzone": "A place for files, with a line for each upload.",
  "upload-queue": "All uploads, with what can be done about each and about all.",
};

const sources = new Map(
  readdirSync(sourceDir)
    .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test."))
    .map((file) => [file, readFileSync(join(sourceDir, file), "utf8")]),
);

mkdirSync(registryDir, { recursive: true });
copyFileSync(join(sourceDir, "styles.css"), join(packageDir, "dist/styles.css"));
const items = Object.entries(about).map(([name, description]) => itemOf(name, description));
for (const item of items) write(`${item.name}.json`, item);
write("registry.json", {
  $schema: "https://ui.shadcn.com/schema/registry.json",
  name: "fermata",
  homepage: `https://www.npmjs.com/package/${packageName}`,
  items: items.map(({ $schema, files, ...item }) => ({
    ...item,
    files: files.map(({ content, ...file }) => file),
  })),
});
console.log(`${items.length} components in dist/registry`);

function itemOf(name, description) {
  const files = reachedFrom(`${name}.tsx`).map((file) => ({
    path: `components/fermata/${file}`,
    type: "registry:component",
    target: `components/fermata/${file}`,
    content: outside(sources.get(file), file === `${name}.tsx`),
  }));
  const content = `${readFileSync(join(sourceDir, "styles.css"), "utf8")}\n${asShadcn}`;
  const path = `components/fermata/${styles}`;
  files.push({ path, type: "registry:file", target: path, content });
  return {
    $schema: "https://ui.shadcn.com/schema/registry-item.json",
    name,
    type: "registry:component",
    title: title(name),
    description,
    dependencies: [
      `${packageName}@^${version}`,
      ...Object.keys(peerDependencies).filter((peer) => peer !== "react"),
    ],
    files,
  };
}

/** A component's file, and those beside it that it stands on. */
function reachedFrom(first) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, beside] of sources.get(file).matchAll(/from "\.\/([\w-]+)"/g)) {
      visit([`${beside}.tsx`, `${beside}.ts`].find((candidate) => sources.has(candidate)));
    }
  };
  visit(first);
  return [...reached];
}

/** As it stands in an app: what is this package's own comes from its doors. */
function outside(source, isFirst) {
  const moved = source.replaceAll(/from "\.\.\/([\w/-]+)"/g, (_, path) => `from "${doorOf(path)}"`);
  if (!isFirst) return moved;
  return moved.replace('"use client";\n\n', `"use client";\n\nimport "./${styles}";\n`);
}

function doorOf(path) {
  return path.startsWith("react/") ? `${packageName}/react` : packageName;
}

function title(name) {
  return name.replaceAll(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
}

function write(file, content) {
  writeFileSync(join(registryDir, file), `${JSON.stringify(content, null, 2)}\n`);
}
