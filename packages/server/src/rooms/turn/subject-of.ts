/** Whose credentials they are. A user stays the same one in every room and tab; only guests are known by their seat. */
export function subjectOf(who: { userId: string | null; peerId?: string }): string {
  return who.userId ? `user:${who.userId}` : `peer:${who.peerId}`;
}
