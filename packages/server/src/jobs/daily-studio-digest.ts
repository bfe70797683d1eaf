import { postDailyDigest } from "../crons/post-daily-digest";
import { defineJob } from "../crons/registry";

export const dailyStudioDigest = defineJob({
  description: "Posts the day's uploads, storage, calls and failed runs to a Lark group.",
  disabledReason: ({ notifier }) => (notifier ? null : "Set LARK_WEBHOOK_URL to enable it."),
  run: postDailyDigest,
});
