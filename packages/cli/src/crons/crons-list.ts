import type { Command } from "../command";
import { formatTable } from "../format-table";
import { describeOutcome } from "./describe-run";

export const cronsList: Command = {
  usage: "crons list",
  summary: "Every job: its schedule, its next run and how its last one ended.",
  async run({ fermata, json, print, width }) {
    const { items } = await fermata.trpc.crons.list.query();
    if (json) {
      print(JSON.stringify(items));
      return true;
    }
    const rows = items.map((job) => {
      let next = job.nextRunAt?.replace(/\.\d+Z$/, "Z") ?? "";
      if (job.paused) next = "paused";
      if (job.disabledReason !== null) next = "disabled";
      const last = job.disabledReason ?? (job.lastRun ? describeOutcome(job.lastRun) : "never ran");
      return [job.name, job.scheduleText, next, last];
    });
    for (const line of formatTable([["JOB", "SCHEDULE", "NEXT", "LAST"], ...rows], width))
      print(line);
    return true;
  },
};
