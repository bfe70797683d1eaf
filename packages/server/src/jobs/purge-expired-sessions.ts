import { purgeExpiredSessions as purge } from "../auth/purge-expired-sessions";
import { defineJob } from "../crons/registry";

export const purgeExpiredSessions = defineJob({
  description: "Deletes sessions, tokens and invitations that are over.",
  run: purge,
});
