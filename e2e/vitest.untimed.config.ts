import { defineConfig } from "vitest/config";
import { untimed } from "./untimed";

export default defineConfig({
  test: {
    name: "e2e-untimed",
    include: untimed,
    globalSetup: ["@fermata/embedded/testing/global-setup"],
    sequence: { groupOrder: 1 },
    maxWorkers: 4,
    // What was late on a busy machine is tried again; what is wrong is wrong again.
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
