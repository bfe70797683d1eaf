import { defineConfig } from "vitest/config";

export default defineConfig({
  // What the files load stays loaded for the next one: each puts back what it replaces.
  test: { include: ["src/**/*.test.ts"], isolate: false },
});
