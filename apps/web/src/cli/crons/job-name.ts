import { UsageError } from "../command";

/** A job's name, in quotes or as several words. @throws UsageError */
export function readJobName(args: string[]): string {
  const name = args.join(" ").trim();
  if (name === "") throw new UsageError("Which job? `fermata crons list` names them all.");
  return name;
}
