import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["@fermata/embedded/testing/global-setup"],
    // What the files load stays loaded for the next one: half of a short file's work was loading. None keeps a mock or a setting.
    isolate: false,
    // What was late on a busy machine is tried again; what is wrong is wrong again.
    retry: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
