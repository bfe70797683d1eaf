import { type Fermata, FermataError, toFermataError } from "@fermata/api";

/**
 * Does something with the job that was named, in quotes or by several words. Where no job is called so, it says which there
 * are. @throws FermataError
 */
export async function withJob<T>(
  fermata: Fermata,
  args: string[],
  act: (name: string) => Promise<T>,
): Promise<T> {
  const name = args.join(" ").trim();
  try {
    return await act(name);
  } catch (error) {
    if (toFermataError(error).code !== "NOT_FOUND") throw error;
    const { items } = await fermata.trpc.crons.list.query();
    const names = items.map((job) => `  ${job.name}`).join("\n");
    throw new FermataError("NOT_FOUND", `No job is called "${name}". There are:\n${names}`);
  }
}
