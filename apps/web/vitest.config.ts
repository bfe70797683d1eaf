import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "web",
    include: ["src/**/*.test.ts"],
    globalSetup: ["@fermata/embedded/testing/global-setup"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
