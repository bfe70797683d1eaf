import type { Services } from "../../context";
import type { Notification } from "../../ports/notifier";

/** With the page of the job, where it is known at which origin people see it. */
export async function tellOfJob(
  { notifier, config }: Pick<Services, "notifier" | "config">,
  job: { name: string },
  message: Notification,
): Promise<void> {
  const page = config.publicOrigin && new URL("/crons", config.publicOrigin);
  if (page) page.searchParams.set("job", job.name);
  await notifier?.notify({ ...message, ...(page && { url: page.href }) });
}
