import { hashToken } from "@fermata/server/internal";
import { endSessions, type SessionEnding } from "./end-sessions";

/** Signing out: whoever holds the token may end it. */
export async function revokeToken(ctx: SessionEnding, token: string): Promise<void> {
  await endSessions(ctx, { tokenHash: hashToken(token) });
}
