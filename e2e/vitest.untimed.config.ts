import { defineConfig } from "vitest/config";
import { patience, untimed } from "./vitest.shared";

export default defineConfig({
  test: {
    name: "e2e-untimed",
    include: untimed,
    globalSetup: ["@fermata/embedded/testing/global-setup"],
    sequence: { groupOrder: 1 },
    maxWorkers: 4,
    ...patience,
  },
});
