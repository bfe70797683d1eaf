import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  platform: "neutral",
  // A module a file: who needs limits and codes alone does not carry zod.
  unbundle: true,
  dts: true,
  clean: true,
  fixedExtension: false,
});
