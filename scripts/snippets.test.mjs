import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "./workspace.mjs";

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
  ...["api", "cli", "contract", "server"].map((name) => `packages/${name}/README.md`),
].filter((path) => path.endsWith(".md"));

const snippets = documents.flatMap((path) => {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(/^ *```(tsx?)\n([\s\S]*?)^ *```$/gm)].map(([, , code], index) => ({
    code,
    place: `${path.replaceAll("/", "-").replace(".md", "")}/${index + 1}.tsx`,
  }));
});

test("every TypeScript snippet of the documents compiles", { timeout: 120_000 }, async () => {
  expect(snippets.length).toBeGreaterThan(25);
  const dir = mkdtempSync(join(tmpdir(), "fermata-snippets-"));
  try {
    for (const { place, code } of snippets) {
      mkdirSync(dirname(join(dir, place)), { recursive: true });
      writeFileSync(join(dir, place), asModule(code));
    }
    cpSync(join(root, "scripts/snippets"), dir, { recursive: true });
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(settings()));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", dir], {
      cwd: dir,
    }).catch((error) => error);
    expect(stdout).toBe("");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** What a document leaves out is spread, and some options of a call are put into one. */
function asModule(code) {
  const whole = code.replace(/(\{|,) … \}/g, "$1 ...left }").replace(/=> …/g, "=> left");
  if (!/^(\/\/.*\n)?(quota|crons): /.test(whole)) return `${whole}\nexport {};\n`;
  return `export const server = createFermataServer({\n  database: { url: "" }, secret: "", store: left, identify: () => null,\n${whole}});\n`;
}

function settings() {
  const packages = (name) => join(root, "packages", name);
  return {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      lib: ["ES2023", "ES2024.String", "ESNext.Disposable", "DOM", "DOM.Iterable"],
      jsx: "react-jsx",
      typeRoots: [join(root, "node_modules/@types")],
      paths: {
        "@fermata/api": [join(packages("api"), "dist/index.d.ts")],
        "@fermata/api/styles.css": ["./styles.d.ts"],
        "@fermata/api/*": [join(packages("api"), "dist/*.d.ts")],
        "@fermata/contract": [join(packages("contract"), "dist/index.d.ts")],
        "@fermata/server": [join(packages("server"), "dist/index.d.ts")],
        "@fermata/server/next": [join(packages("server"), "dist/hosts/next.d.ts")],
        "@fermata/server/*": [join(packages("server"), "dist/*.d.ts")],
        // The reader's own.
        "@/fermata": ["./app/fermata.d.ts"],
        "*": ["api", "server"].flatMap((name) => [
          join(packages(name), "node_modules/@types/*"),
          join(packages(name), "node_modules/*"),
        ]),
      },
    },
    include: ["."],
  };
}
