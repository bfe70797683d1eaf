import type { Ground, Terminal } from "fermata/internal";
import { signIn } from "./sign-in";
import { withInstallation } from "./with-installation";

/** The studio: its server over HTTP, as a user of it, and its data where the environment names them. */
export function studioGround(
  terminal: Terminal,
  { fetch }: { fetch?: typeof globalThis.fetch } = {},
): Ground {
  return {
    self: "npm run fermata --",
    options: [],
    async withClient(_, work) {
      const { fermata, signOut } = await signIn(terminal, fetch);
      try {
        return await work(fermata);
      } finally {
        terminal.progress?.("");
        await signOut();
      }
    },
    withInstallation: (_, ...work) => withInstallation(terminal.env, ...work),
  };
}
