import { processTerminal } from "fermata/internal";
import { runCommandLine } from "./src/cli/run-command-line";
import { processEnv } from "./src/env";

/** `npm run fermata -- <command>` */
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal(processEnv()));
