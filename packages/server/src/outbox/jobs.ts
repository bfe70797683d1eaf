import { defineJob } from "../crons/registry";
import { emptyDeletions as empty } from "./empty-deletions";

export const emptyDeletions = defineJob({
  description: "Deletes the bytes whose rows are gone, and keeps a receipt for each.",
  run: (ctx) => empty(ctx),
});
