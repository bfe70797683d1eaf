// The relays that a server may be given: `@fermata/server/ice`.
export { createCloudflareIceProvider as cloudflareTurn } from "./adapters/ice/cloudflare";
export { createCoturnIceProvider as coturn } from "./adapters/ice/coturn";
export { createStaticIceProvider as staticTurn } from "./adapters/ice/static";
export { createStunOnlyIceProvider as stunOnly } from "./adapters/ice/stun-only";
