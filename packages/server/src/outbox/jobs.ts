import { defineJob } from "../crons/registry";
import { emptyDeletions as empty, nextDeletionAt } from "./empty-deletions";

export const emptyDeletions = defineJob({
  description: "Deletes the bytes whose rows are gone, and keeps a receipt for each.",
  onlyWhen: { due: nextDeletionAt, inWords: "bytes wait to be deleted" },
  run: (ctx) => empty(ctx),
});
