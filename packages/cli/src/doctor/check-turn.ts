import type { Operator } from "@fermata/server";
import { Ailment, type Diagnosis, diagnosis } from "./diagnosis";
import { type RelayOutcome, tryRelay } from "./try-relay";

type Ice = Operator["ice"];

/** How an app calls what it gave its provider. */
export interface RelaySettings {
  keyId: string;
  apiToken: string;
  secret: string;
  username: string;
  credential: string;
  coturnUrls: string;
  staticUrls: string;
}

const options: RelaySettings = {
  keyId: "`keyId`",
  apiToken: "`apiToken` of cloudflareTurn",
  secret: "`secret` of coturn",
  username: "`username`",
  credential: "`credential` of staticTurn",
  coturnUrls: "`urls` of coturn",
  staticUrls: "`urls` of staticTurn",
};

const credentialsOf = (given: RelaySettings): Record<Ice["name"], string> => ({
  cloudflare: `${given.keyId} and ${given.apiToken}`,
  coturn: `${given.secret} (coturn's static-auth-secret), and that both clocks are right`,
  static: `${given.username} and ${given.credential}`,
  "stun-only": "",
});
const addressesOf = (given: RelaySettings): Record<Ice["name"], string> => ({
  cloudflare: "the network of this machine",
  coturn: `${given.coturnUrls}, and that the relay runs and its ports are open`,
  static: `${given.staticUrls}, and that the relay runs and its ports are open`,
  "stun-only": "",
});
const consequence = "Until then about one call in five cannot connect.";

/** Mints credentials and asks for a place at each of the relay's addresses. */
export function checkTurn(ice: Ice, given: RelaySettings = options): Promise<Diagnosis> {
  const remedy = `Check ${credentialsOf(given)[ice.name]}. ${consequence}`;
  return diagnosis(`TURN, ${ice.name}`, remedy, async () => {
    if (ice.name === "stun-only") return "no relay is configured; about one call in five needs one";
    const { iceServers } = await ice.issue("doctor", 60, AbortSignal.timeout(10_000));
    const tried = await Promise.all(
      iceServers.flatMap(({ urls, username = "", credential = "" }) =>
        [urls]
          .flat()
          .filter((url) => /^turns?:/i.test(url))
          .map(async (url) => ({
            url,
            outcome: await tryRelay(url, { username, password: credential }),
          })),
      ),
    );
    if (tried.length === 0) throw new Error("the provider gave no address of a relay");
    const finding = tried.map(({ url, outcome }) => `${url} ${tell(outcome)}`).join("; ");
    if (tried.some(({ outcome }) => outcome.kind === "full")) {
      throw new Ailment(
        finding,
        `Raise the relay's quotas (coturn: user-quota, total-quota). ${consequence}`,
      );
    }
    if (tried.some(({ outcome }) => outcome.kind === "refused")) throw new Ailment(finding, remedy);
    // Browsers need one. Another machine may reach what this one does not.
    if (tried.some(({ outcome }) => outcome.kind === "relays")) return finding;
    throw new Ailment(finding, `Check ${addressesOf(given)[ice.name]}. ${consequence}`);
  });
}

function tell(outcome: RelayOutcome): string {
  switch (outcome.kind) {
    case "relays":
      return `relays, ${Math.max(1, Math.round(outcome.tookMs))} ms`;
    case "full":
      return "has no place left";
    case "refused":
      return `refuses the credentials (${outcome.errorCode})`;
    case "unreachable":
      return `was not reached: ${outcome.reason}`;
  }
}
