import { defineJob } from "../crons/registry";
import { purgeExpiredGrants as purge } from "../files/purge-expired-grants";

export const purgeExpiredGrants = defineJob({
  description: "Deletes upload URLs that nobody used in time.",
  run: purge,
});
