import { defineJob } from "../crons/registry";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";

export const revokeTurnCredentials = defineJob({
  description: "Revokes the TURN credentials of those who went while the provider did not answer.",
  disabledReason: ({ ice }) =>
    ice.name === "cloudflare" ? null : "The TURN provider has no way to revoke credentials.",
  run: (ctx) => revokeEndedGrants(ctx),
});
