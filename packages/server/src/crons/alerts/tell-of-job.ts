import type { Services } from "../../context";
import type { Notification } from "../../ports/notifier";

/** With the page of the job, where it is known at which origin people see it. */
export async function tellOfJob(
  { notifier, config }: Pick<Services, "notifier" | "config">,
  job: { name: string },
  message: Notification,
): Promise<void> {
  const page =
    config.publicOrigin && new URL(`/crons/${encodeURIComponent(job.name)}`, config.publicOrigin);
  await notifier?.notify({ ...message, ...(page && { url: page.href }) });
}
