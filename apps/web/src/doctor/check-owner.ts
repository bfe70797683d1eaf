import { explainStanding, lookAtStore, type Services } from "@fermata/server/internal";
import { Ailment, type Diagnosis, diagnosis } from "fermata/internal";

/** Compares whose the store says it is with the database. */
export function checkOwner(services: Services): Promise<Diagnosis> {
  return diagnosis(
    "store, owner",
    "See the findings above: whose the store is can only be read once database and store answer.",
    async () => {
      const installation = await lookAtStore(services);
      const problem = explainStanding(services, installation);
      if (problem) throw new Ailment(problem.finding, problem.remedy);
      return `installation ${installation.installationId}, as this database`;
    },
  );
}
