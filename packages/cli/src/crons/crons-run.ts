import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "../command";
import { describeOutcome } from "./describe-run";
import { withJob } from "./job-name";
import { printLog } from "./print-log";

const POLL_MS = 500;

export const cronsRun: Command = {
  usage: "crons run <name...>",
  summary: "Runs a job now and waits for its end.",
  async run({ fermata, json, print }, args) {
    const { crons } = fermata.trpc;
    const { runId } = await withJob(fermata, args, (name) => crons.trigger.mutate({ name }));
    let run = await crons.run.query({ runId });
    for (let waitMs = POLL_MS / 5; run.status === "running"; waitMs = POLL_MS) {
      await sleep(waitMs);
      run = await crons.run.query({ runId });
    }
    if (json) {
      print(JSON.stringify(run));
    } else {
      printLog(run, print);
      print(describeOutcome(run));
    }
    return run.status === "succeeded";
  },
};
