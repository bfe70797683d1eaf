import type { Command } from "../command";
import { withJob } from "./job-name";

export const cronsPause: Command = {
  usage: "crons pause <name...>",
  summary: "Stops a job's schedule, on every engine.",
  async run({ fermata, json, print }, args) {
    await withJob(fermata, args, async (name) => {
      const answer = await fermata.trpc.crons.pause.mutate({ name });
      print(json ? JSON.stringify(answer) : `Paused "${name}".`);
    });
    return true;
  },
};

export const cronsResume: Command = {
  usage: "crons resume <name...>",
  summary: "Lets the schedule go on with its next slot.",
  async run({ fermata, json, print }, args) {
    await withJob(fermata, args, async (name) => {
      const answer = await fermata.trpc.crons.resume.mutate({ name });
      print(json ? JSON.stringify(answer) : `Resumed "${name}".`);
    });
    return true;
  },
};
