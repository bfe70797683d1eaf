import { defineJob } from "../crons/registry";
import { purgeExpiredSessions as purgeSessions } from "./auth/purge-expired-sessions";
import { postDailyDigest } from "./digest/post-daily-digest";

export const purgeExpiredSessions = defineJob({
  description: "Deletes sessions, tokens and links that are over, and audit events after 400 days.",
  deletesByAge: true,
  run: purgeSessions,
});

export const dailyStudioDigest = defineJob({
  description:
    "Posts the day's uploads, storage, calls and failed runs to a Lark group or a webhook.",
  disabledReason: ({ notifier }) =>
    notifier ? null : "Set LARK_WEBHOOK_URL or FERMATA_WEBHOOK_URL to enable it.",
  run: postDailyDigest,
});
