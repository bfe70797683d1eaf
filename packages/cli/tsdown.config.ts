import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { fermata: "src/fermata.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  dts: false,
  clean: true,
  fixedExtension: false,
});
