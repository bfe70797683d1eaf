// What a page loads of this package, by what it uses: bundled by esbuild as an app would be, gzipped, React left out.
// `first` is loaded with the page, the rest when it is first needed. Needs a build beforehand.
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
const doors = ["core", "files", "media", "rooms", "react"];
const react = ["react", "react/jsx-runtime"];
const queryCore = ["@tanstack/react-query"];

const client = `const fermata = createFermata({ url: "https://example.com", token: "t" });
globalThis.fermata = () => fermata.trpc.files.getUrl.query({ storageId: "a" });`;
const uses = [
  {
    what: "one typed query, by `@fermata/api`",
    code: `import { createFermata } from "@fermata/api"; ${client}`,
    kB: 11,
  },
  {
    what: "one typed query, by `/core`",
    code: `import { createFermata } from "@fermata/api/core"; ${client}`,
    kB: 11,
  },
  {
    what: "and a file, by `/files`",
    code: `import { createFermata } from "@fermata/api/core"; import { uploadFile } from "@fermata/api/files"; ${client}
      globalThis.upload = (file) => uploadFile(fermata, file);`,
    kB: 14,
  },
  {
    what: "and a clip, by `/media`",
    code: `import { createFermata } from "@fermata/api/core"; import { uploadMedia, createPauseControl } from "@fermata/api/media"; ${client}
      globalThis.upload = (file) => uploadMedia(fermata, file, { pause: createPauseControl() });`,
    kB: 16,
  },
  {
    what: "a room, beside the client",
    code: `import { createFermata } from "@fermata/api/core"; import { createPeerRoom } from "@fermata/api/rooms"; ${client}
      globalThis.room = () => createPeerRoom({ client: fermata, roomId: "r", displayName: "Ines" });`,
    besides: `import { createFermata } from "@fermata/api/core"; ${client}`,
    kB: 17,
  },
  {
    what: "React: `FermataProvider` and `useUploadFile`, beside TanStack Query",
    code: `import { createFermata } from "@fermata/api"; import { FermataProvider, useUploadFile } from "@fermata/api/react"; ${client}
      globalThis.react = [FermataProvider, useUploadFile];`,
    external: queryCore,
    kB: 20,
  },
  {
    what: "and `UploadDropzone` with all that belongs to it",
    code: `import { createFermata } from "@fermata/api"; import { FermataProvider, UploadDropzone } from "@fermata/api/react"; ${client}
      globalThis.react = [FermataProvider, UploadDropzone];`,
    external: queryCore,
    kB: 24,
  },
  {
    what: "TanStack Query's own part of both",
    code: `export { QueryClient, QueryClientProvider, QueryClientContext } from "@tanstack/react-query";`,
  },
];

let isOver = false;
for (const { what, code, besides, external = [], kB } of uses) {
  const { first: all, later } = await sizesOf(code, external);
  const first = all - (besides ? (await sizesOf(besides, external)).first : 0);
  const budget = kB === undefined ? "" : ` of ${kB}`;
  const verdict = kB !== undefined && first > kB * 1000 ? "  TOO LARGE" : "";
  isOver ||= verdict !== "";
  const rest = later > 0 ? `, later up to ${kilo(later)}` : "";
  console.log(`${kilo(first).padStart(5)}${budget} kB  ${what}${rest}${verdict}`);
}
process.exit(isOver ? 1 : 0);

async function sizesOf(contents, external) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: packageDir, loader: "js" },
    alias: {
      ...Object.fromEntries(
        doors.map((door) => [`@fermata/api/${door}`, resolve(packageDir, `dist/${door}.js`)]),
      ),
      "@fermata/api": resolve(packageDir, "dist/index.js"),
    },
    external: [...react, ...external],
    define: { "process.env.NODE_ENV": '"production"' },
    outdir: "out",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const bytes = new Map(
    outputFiles.map((file) => [basename(file.path), gzipSync(file.contents, { level: 9 }).length]),
  );
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === "<stdin>");
  const atFirst = new Set();
  const visit = (path) => {
    if (atFirst.has(path)) return;
    atFirst.add(path);
    for (const { kind, path: imported, external } of outputs[path].imports) {
      if (kind === "import-statement" && !external) visit(imported);
    }
  };
  visit(entry);
  const sum = (paths) => paths.reduce((total, path) => total + bytes.get(basename(path)), 0);
  const all = Object.keys(outputs);
  return { first: sum([...atFirst]), later: sum(all.filter((path) => !atFirst.has(path))) };
}

function kilo(n) {
  return (n / 1000).toFixed(1);
}
