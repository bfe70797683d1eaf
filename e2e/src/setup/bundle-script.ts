import { build } from "esbuild";

/** A page's script with all that it imports, as one for a browser. */
export async function bundleScript(
  path: string,
  alias: Record<string, string> = {},
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    alias,
    // An older client lacks what a newer script imports.
    logOverride: { "import-is-undefined": "silent" },
  });
  return outputFiles[0]?.text ?? "";
}
