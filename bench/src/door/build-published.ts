import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const server = new URL("../../../packages/server/", import.meta.url);

/** The library's entry, as it is published. */
export const publishedEntry = new URL("dist/lib/index.js", server).href;

/** Builds it: from its sources through tsx each function that is made is named anew, and costs a tenth more. */
export async function buildPublished(): Promise<void> {
  const script = fileURLToPath(new URL("scripts/prepack.mjs", server));
  await promisify(execFile)(process.execPath, [script]);
}
