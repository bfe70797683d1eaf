import type { Command } from "../command";
import { formatTable } from "../format-table";
import { describeOutcome } from "./describe-run";
import { withJob } from "./job-name";

const SHOWN_RUNS = 50;

export const cronsHistory: Command = {
  usage: "crons history <name...>",
  summary: `A job's last ${SHOWN_RUNS} runs, the newest first.`,
  async run({ fermata, json, print, width }, args) {
    const { name, items } = await withJob(fermata, args, async (name) => {
      const page = await fermata.trpc.crons.runs.query({ name, limit: SHOWN_RUNS });
      return { name, items: page.items };
    });
    if (json) {
      print(JSON.stringify(items));
      return true;
    }
    const rows = items.map((run) => [run.slot, run.trigger, run.runId, describeOutcome(run)]);
    const table = [["SLOT", "TRIGGER", "RUN", "OUTCOME"], ...rows];
    if (rows.length === 0) print(`"${name}" never ran.`);
    else for (const line of formatTable(table, width)) print(line);
    return true;
  },
};
