import { defineJob } from "../crons/registry";
import { sweepOrphans as sweep } from "../storage/sweep-orphans";

export const sweepOrphans = defineJob({
  description: "Looks through the whole store for bytes that no row names.",
  run: sweep,
});
