import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/server",
      "packages/embedded",
      "packages/api",
      "packages/cli",
      "apps/web",
      "apps/mirror",
      "scripts",
      "e2e",
    ],
    // Two cores share PostgreSQL, a simulator of R2 and a browser; more workers than that only wait.
    maxWorkers: 3,
    reporters: ["default", ["json", { outputFile: "node_modules/.fermata/tests.json" }]],
  },
});
