import type { Command } from "../command";
import { describeOutcome } from "./describe-run";
import { printLog } from "./print-log";

export const cronsShow: Command = {
  usage: "crons show <runId>",
  summary: "One run: its outcome and what it logged.",
  async run({ fermata, json, print }, [runId = ""]) {
    const run = await fermata.trpc.crons.run.query({ runId });
    if (json) {
      print(JSON.stringify(run));
      return true;
    }
    print(`${run.name}, ${run.slot}, ${run.trigger}`);
    printLog(run, print);
    print(describeOutcome(run));
    if (run.engineUrl) print(run.engineUrl);
    return true;
  },
};
