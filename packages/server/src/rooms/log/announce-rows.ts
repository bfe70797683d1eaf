import type { Services } from "../../context";
import { roomFeeds } from "../stream/room-feeds";
import type { NewRow } from "./room-log";

/** Tells readers of rows that are committed: those of this process are handed them, those of others are told to look. */
export function announceRows(
  ctx: Pick<Services, "pool" | "bus" | "clock" | "log">,
  roomId: string,
  { rows, firstSeq, at }: { rows: NewRow[]; firstSeq: number; at: Date },
): void {
  const sentAt = at.toISOString();
  roomFeeds(ctx).offer(
    roomId,
    rows.map(({ from, to = null, kind, payload = null }, index) => {
      return { seq: firstSeq + index, from, to, kind, payload, sentAt };
    }),
  );
  ctx.bus.publish(roomId, firstSeq + rows.length - 1);
}
