import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  preview: { host: "127.0.0.1", port: 4173 },
  build: {
    target: "es2023",
    // `light-dark()` has to reach the browser as it is: lowered, a dark part of a light page stays light.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: true,
  },
});
