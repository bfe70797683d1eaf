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
    rows.map(({ to = null, payload = null, ...row }, index) => {
      return { ...row, to, payload, seq: firstSeq + index, sentAt };
    }),
  );
  ctx.bus.publish(roomId, firstSeq + rows.length - 1);
}
