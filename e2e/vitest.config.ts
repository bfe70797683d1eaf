import { configDefaults, defineConfig } from "vitest/config";
import { patience, untimed } from "./vitest.shared";

export default defineConfig({
  test: {
    name: "e2e",
    include: ["src/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...untimed],
    globalSetup: ["@fermata/embedded/testing/global-setup", "./src/setup/global-setup.ts"],
    // After the others, on a machine that has nothing else to do: some of these measure what a person would wait for.
    sequence: { groupOrder: 2 },
    // Tests that go on at the same time share two cores with the browsers that they drive.
    maxConcurrency: 3,
    ...patience,
  },
});
