import { purgeHistory } from "./ledger/purge-history";
import { defineJob } from "./registry";

export const purgeCronHistory = defineJob({
  description: "Keeps the newest 500 runs of each job, and ends runs whose worker died.",
  run: purgeHistory,
});
