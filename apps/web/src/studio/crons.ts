import type { HostCrons } from "@fermata/server";
import { purgeExpiredSessions } from "./auth/purge-expired-sessions";
import type { Services } from "./context";
import { postDailyDigest } from "./digest/post-daily-digest";

/** The studio's own jobs, beside the library's. */
export function studioCrons(
  crons: HostCrons,
  { notifier, services }: Pick<Services, "notifier"> & { services: () => Services },
): void {
  crons.daily(
    "purge expired sessions",
    { hourUTC: 3, minuteUTC: 30 },
    {
      description:
        "Deletes sessions, tokens and links that are over, and audit events after 400 days.",
      deletesByAge: true,
      run: ({ signal, log }) => purgeExpiredSessions({ ...services(), signal, log }),
    },
  );
  crons.cron("daily studio digest", "0 16 * * *", {
    description:
      "Posts the day's uploads, storage, calls and failed runs to a Lark group or a webhook.",
    disabledReason: () =>
      notifier ? null : "Set LARK_WEBHOOK_URL, FERMATA_WEBHOOK_URL or SMTP_URL to enable it.",
    run: () => postDailyDigest({ ...services(), notifier }),
  });
}
