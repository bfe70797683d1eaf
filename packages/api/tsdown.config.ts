import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/react.tsx"],
  format: "esm",
  platform: "neutral",
  // The router's type comes from a package that is not published: its declarations are bundled in.
  dts: { resolver: "tsc", resolve: ["@fermata/server", "@fermata/server/api-types"] },
  clean: true,
  fixedExtension: false,
});
