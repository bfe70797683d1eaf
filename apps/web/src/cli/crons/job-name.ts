import { type Fermata, FermataError, toFermataError } from "@fermata/api";
import { UsageError } from "../command";

/** A job's name, in quotes or as several words. @throws UsageError */
function readJobName(args: string[]): string {
  const name = args.join(" ").trim();
  if (name === "")
    throw new UsageError("Which job? `npm run fermata -- crons list` names them all.");
  return name;
}

/** Does something with the job that was named. Where no job is called so, it says which there are. @throws UsageError, FermataError */
export async function withJob<T>(
  fermata: Fermata,
  args: string[],
  act: (name: string) => Promise<T>,
): Promise<T> {
  const name = readJobName(args);
  try {
    return await act(name);
  } catch (error) {
    if (toFermataError(error).code !== "NOT_FOUND") throw error;
    const { items } = await fermata.trpc.crons.list.query();
    const names = items.map((job) => `  ${job.name}`).join("\n");
    throw new FermataError("NOT_FOUND", `No job is called "${name}". There are:\n${names}`);
  }
}
