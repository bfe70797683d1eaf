import { defineJob } from "../crons/registry";
import { purgeUnattached } from "../files/purge-unattached";

export const purgeUnattachedFiles = defineJob({
  description: "Deletes files that nothing has referred to for a day.",
  run: purgeUnattached,
});
