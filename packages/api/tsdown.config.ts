import { defineConfig } from "tsdown";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/core.ts",
    "src/files.ts",
    "src/media.ts",
    "src/rooms.ts",
    "src/react.tsx",
  ],
  format: "esm",
  platform: "neutral",
  // The contract's limits and codes are part of this package: it installs alone.
  deps: { alwaysBundle: [/^@fermata\/contract/, "@trpc/tanstack-react-query"] },
  // The router's type comes from a package that is not published: its declarations are bundled in.
  dts: {
    resolver: "tsc",
    resolve: ["@fermata/server", "@fermata/server/api-types", "@fermata/contract"],
  },
  clean: true,
  fixedExtension: false,
});
