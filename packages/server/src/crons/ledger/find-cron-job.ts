import type { CronJob, Services } from "../../context";
import { AppError } from "../../ground/errors";

/** @throws AppError NOT_FOUND when the code has no job of that name */
export function findCronJob(ctx: Services, name: string): CronJob {
  const job = ctx.crons.find(name);
  if (!job) throw new AppError("NOT_FOUND", { job: name });
  return job;
}
