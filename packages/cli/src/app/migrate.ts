import type { Flags } from "../command";
import type { Terminal } from "../terminal";
import { withApp } from "./load-app";

/** `fermata migrate` */
export async function migrate(terminal: Terminal, { app: given, json }: Flags): Promise<void> {
  const { applied } = await withApp(terminal.cwd, given, (app) => app.migrate());
  if (json) terminal.print(JSON.stringify({ applied }));
  else if (applied.length === 0) terminal.print("Fermata's tables are as this version needs them.");
  else
    terminal.print(`Applied ${applied.length}:\n${applied.map((name) => `  ${name}`).join("\n")}`);
}
