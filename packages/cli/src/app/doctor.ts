import type { Terminal } from "../terminal";
import { loadApp } from "./load-app";

/** `fermata doctor` @returns whether all is well that the server cannot do without, and every owner as it should be */
export async function doctor(
  terminal: Terminal,
  options: { app?: string; json?: boolean },
): Promise<boolean> {
  const app = await loadApp(terminal.cwd, options.app);
  try {
    const findings = await app.check();
    const ok = findings.every((finding) => finding.ok);
    if (options.json) terminal.print(JSON.stringify({ ok, findings }));
    else {
      for (const { name, remedy } of findings)
        terminal.print(remedy === undefined ? `ok    ${name}` : `mend  ${name}\n      ${remedy}`);
    }
    return ok;
  } finally {
    await app.close();
  }
}
