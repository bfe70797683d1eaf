import { defineJob } from "../crons/registry";
import { nextGrantExpiryAt, purgeExpiredGrants as purgeGrants } from "./verbs/purge-expired-grants";
import { purgeUnattached } from "./verbs/purge-unattached";

export const purgeExpiredGrants = defineJob({
  description: "Deletes upload URLs that nobody used in time.",
  deletesByAge: true,
  onlyWhen: { due: nextGrantExpiryAt, inWords: "one has run out" },
  run: purgeGrants,
});

export const purgeUnattachedFiles = defineJob({
  description: "Deletes files that nothing has referred to for a day.",
  deletesByAge: true,
  run: purgeUnattached,
});
