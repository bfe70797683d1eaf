import type { Services } from "../../context";
import type { InstallationModel } from "../../generated/prisma/models/Installation";

type Standing = Pick<InstallationModel, "standing" | "installationId" | "foundId">;

/** What is wrong between this database and the store of bytes, and what to do; null where nothing is. */
export function explainStanding(
  { config: { commandLine } }: Pick<Services, "config">,
  { standing, installationId, foundId }: Standing,
): { finding: string; remedy: string } | null {
  const adopt = `If nobody else uses it, take it over: ${commandLine} storage adopt. Until then nothing is swept (docs/uploads.md).`;
  switch (standing) {
    case "ours":
      return null;
    case "unproven":
      return {
        finding: "The store holds objects that this database knows nothing of.",
        remedy: `A backup that was restored without its database, or another installation's store? Look at DATABASE_URL, FERMATA_DATA and S3_*. ${adopt}`,
      };
    case "foreign":
      return {
        finding: `The store belongs to installation ${foundId}; this is ${installationId}.`,
        remedy: `Two installations must not share a store: look at DATABASE_URL and S3_*. ${adopt}`,
      };
    case "copied":
      return {
        finding: "This database is a copy of the one that the store belongs to.",
        remedy: `A copy for trying things out needs buckets of its own: look at S3_*. Where the database has moved here for good: ${adopt}`,
      };
    case "behind":
      return {
        finding: "The store was swept from a newer state of this database.",
        remedy: `A backup that was restored, or a copy that runs elsewhere? See what the store has beyond it: ${commandLine} media reindex --adopt. ${adopt}`,
      };
  }
}
