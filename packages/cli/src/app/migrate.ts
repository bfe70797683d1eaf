import type { Terminal } from "../terminal";
import { loadApp } from "./load-app";

/** `fermata migrate` */
export async function migrate(
  terminal: Terminal,
  options: { app?: string; json?: boolean },
): Promise<void> {
  const app = await loadApp(terminal.cwd, options.app);
  try {
    const { applied } = await app.migrate();
    if (options.json) terminal.print(JSON.stringify({ applied }));
    else if (applied.length === 0)
      terminal.print("Fermata's tables are as this version needs them.");
    else
      terminal.print(
        `Applied ${applied.length}:\n${applied.map((name) => `  ${name}`).join("\n")}`,
      );
  } finally {
    await app.close();
  }
}
