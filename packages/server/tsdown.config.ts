import { defineConfig } from "tsdown";

/** What is published. In this repository the sources are used as they are. */
export default defineConfig({
  entry: {
    index: "src/index.ts",
    stores: "src/stores.ts",
    ice: "src/ice.ts",
    next: "src/hosts/next.ts",
    node: "src/node.ts",
    testing: "src/testing.ts",
    // Started by path, beside the rest.
    "workbench-process": "src/workbench/workbench-process.ts",
  },
  outDir: "dist/lib",
  format: "esm",
  platform: "node",
  target: "node20",
  dts: { resolver: "tsc", resolve: [/^@fermata\/(migrations|contract)/] },
  clean: true,
  fixedExtension: false,
  deps: { alwaysBundle: [/^@fermata\/(migrations|contract)/] },
});
