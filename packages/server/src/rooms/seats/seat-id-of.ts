import { hashToken } from "../../ground/secrets";

/** The id that a seat gets whose taker was in the lobby: known before it is taken, and nobody else's without the key. */
export function seatIdOf(roomId: string, lobbyKey: string): string {
  return Buffer.from(hashToken(`${roomId} ${lobbyKey}`).subarray(0, 16)).toString("base64url");
}
