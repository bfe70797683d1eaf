import { nextPurgeAt, purgeHistory } from "./ledger/purge-history";
import { defineJob } from "./registry";

export const purgeCronHistory = defineJob({
  description: "Keeps the newest 500 runs of each job, and ends runs whose worker died.",
  onlyWhen: { due: nextPurgeAt, inWords: "there are more" },
  run: purgeHistory,
});
