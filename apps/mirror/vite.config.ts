import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

export default defineConfig({
  plugins: [react(), compileAhead()],
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  preview: { host: "127.0.0.1", port: 4173 },
  build: {
    target: "es2023",
    // `light-dark()` has to reach the browser as it is: lowered, a dark part of a light page stays light.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: true,
  },
});

/**
 * By this V8 compiles functions beside the page while a script arrives, and not in the moment in which a call begins. Other
 * engines read a comment.
 */
function compileAhead(): Plugin {
  const hint = "//# allFunctionsCalledOnLoad\n";
  return {
    name: "compile-ahead",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk") file.code = hint + file.code;
          // Source maps: a line of nothing comes first.
          else if (file.fileName.endsWith(".js.map"))
            file.source = String(file.source).replace('"mappings":"', '"mappings":";');
        }
      },
    },
  };
}
