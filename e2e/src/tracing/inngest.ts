import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(
  new URL("../../../packages/server/src/testing/inngest-server.ts", import.meta.url),
);
const signingKey = `signkey-test-${"0a".repeat(32)}`;
const eventKey = "its-event-key";

/** What speaks as Inngest does, in a process of its own: it calls whichever server told it last where it is. */
export async function startInngest(): Promise<{
  env: Record<string, string>;
  close(): Promise<void>;
}> {
  const args = ["--import", "tsx", script, signingKey, eventKey];
  const child = spawn(process.execPath, args, {
    // Where `tsx` is found, whatever folder the tests were started from.
    cwd: dirname(script),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  return {
    env: {
      INNGEST_BASE_URL: url,
      INNGEST_SIGNING_KEY: signingKey,
      INNGEST_EVENT_KEY: eventKey,
    },
    async close() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
