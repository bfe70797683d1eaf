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
  // It installs alone, beside any tRPC 11: the contract's limits and codes are part of it, and the React binding, which
  // would pin tRPC to its own version.
  deps: { alwaysBundle: [/^@fermata\/contract/, "@trpc/tanstack-react-query"] },
  dts: { resolver: "tsc", resolve: ["@fermata/contract", "@trpc/tanstack-react-query"] },
  clean: true,
  fixedExtension: false,
});
