import { cleanName } from "../text";

/** Which room, on which server, and the right to enter it. */
export interface RoomLink {
  /** The server's origin. */
  server: string;
  roomId: string;
  /** Its owner needs none. */
  inviteToken: string | null;
  /** What whoever made the room calls it. Only for show: anybody can write a link. */
  name: string | null;
  /** When the room closes, ISO 8601; likewise only for show. */
  until: string | null;
  /** Use relays only: it hides addresses, and shows whether the relay works. */
  relayOnly: boolean;
}

const maxNameChars = 120;

/** Reads a link, or the search part of one. Null when it names no room or no server. */
export function readRoomLink(text: string, fallbackServer: string | null): RoomLink | null {
  const query = text.includes("?") ? text.slice(text.indexOf("?")) : "";
  const params = new URLSearchParams(query.split("#")[0]);
  const server = readOrigin(params.get("server")) ?? fallbackServer;
  const roomId = params.get("room");
  if (!server || !roomId || !/^[\w-]{1,64}$/.test(roomId)) return null;
  const inviteToken = params.get("invite");
  return {
    server,
    roomId,
    inviteToken: inviteToken && /^[\w-]{1,256}$/.test(inviteToken) ? inviteToken : null,
    name: cleanName(params.get("name") ?? "", maxNameChars) || null,
    until: readInstant(params.get("until")),
    relayOnly: params.get("route") === "relay",
  };
}

/** The link to send to the other player. */
export function formatRoomLink(page: string, link: RoomLink): string {
  const url = new URL(page);
  url.search = "";
  url.hash = "";
  url.searchParams.set("server", link.server);
  url.searchParams.set("room", link.roomId);
  if (link.inviteToken) url.searchParams.set("invite", link.inviteToken);
  if (link.name) url.searchParams.set("name", link.name);
  if (link.until) url.searchParams.set("until", link.until);
  if (link.relayOnly) url.searchParams.set("route", "relay");
  return url.href;
}

function readInstant(text: string | null): string | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** An origin that a page may talk to, from what somebody typed or a link said; null for anything else. */
export function readOrigin(text: string | null): string | null {
  const trimmed = text?.trim();
  if (!trimmed) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? origin : null;
}
