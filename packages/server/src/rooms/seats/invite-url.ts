import type { RequestContext } from "../../context";

interface Invited {
  roomId: string;
  inviteToken: string;
  name?: string | null;
  expiresAt?: Date;
}

/** An address of Piano Mirror that leads into the room, for the answers that give an invite; nothing where it is not known. */
export function inviteUrlOf(
  { config, origin }: Pick<RequestContext, "config" | "origin">,
  { roomId, inviteToken, name, expiresAt }: Invited,
): { inviteUrl?: string } {
  if (config.mirrorUrl === null) return {};
  const url = new URL(config.mirrorUrl);
  url.searchParams.set("server", origin);
  url.searchParams.set("room", roomId);
  url.searchParams.set("invite", inviteToken);
  if (name) url.searchParams.set("name", name);
  if (expiresAt) url.searchParams.set("until", expiresAt.toISOString());
  return { inviteUrl: url.href };
}
