import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { name: "mirror", include: ["src/**/*.test.ts"] },
});
