import type { Services } from "@fermata/server";
import { type Diagnosis, diagnosis } from "./diagnosis";

export function checkTurn(ice: Services["ice"]): Promise<Diagnosis> {
  return diagnosis(
    `TURN, ${ice.name}`,
    "Check CLOUDFLARE_TURN_KEY_ID and CLOUDFLARE_TURN_API_TOKEN. Until then calls go by STUN only, and about one in five cannot connect.",
    async () => {
      if (ice.name === "stun-only")
        return "no relay is configured; about one call in five needs one";
      const { iceServers } = await ice.issue("doctor", 60, AbortSignal.timeout(10_000));
      return `credentials were minted for ${iceServers.flatMap(({ urls }) => urls).length} addresses`;
    },
  );
}
