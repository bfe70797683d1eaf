import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { activity } from "../stream/timing";

/** What went on in the caller's rooms over the last day; for an admin, in everybody's. */
export async function readRoomActivity(
  ctx: UserContext,
): Promise<z.output<typeof signaling.activity.output>> {
  const { role, userId } = ctx.identity;
  const { stepSeconds, keptSeconds } = activity;
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - keptSeconds * 1000);
  // The server's own rows say when samples were taken: an owner without a row had nothing going on then.
  const [all, own] = await Promise.all(
    ["", userId].map((ownerId) =>
      ctx.db.roomSample.findMany({
        where: { ownerId, at: { gt: since, lte: now } },
        orderBy: { at: "asc" },
      }),
    ),
  );
  const owned = new Map(own?.map((row) => [row.at.getTime(), row]));
  const samples = (all ?? []).map((row) => {
    const counts = role === "admin" ? row : owned.get(row.at.getTime());
    const { rooms = 0, peers = 0, messages = 0, turnCredentials = 0 } = counts ?? {};
    return { at: row.at.toISOString(), rooms, peers, messages, turnCredentials };
  });
  return { stepSeconds, samples: withQuietSteps(samples, now) };
}

type Sample = z.output<typeof signaling.activity.output>["samples"][number];

/** No sample is taken while nothing goes on: rooms stay as they were, and nobody is in them. */
function withQuietSteps(samples: Sample[], now: Date): Sample[] {
  const stepMs = activity.stepSeconds * 1000;
  return samples.flatMap((sample, i) => {
    const atMs = Date.parse(sample.at);
    // The step that is not over may still get a sample of its own.
    const untilMs = Date.parse(
      samples[i + 1]?.at ?? new Date(now.getTime() - stepMs).toISOString(),
    );
    const quiet = { rooms: sample.rooms, peers: 0, messages: 0, turnCredentials: 0 };
    const steps = Math.max(0, Math.ceil((untilMs - atMs) / stepMs) - 1);
    const filled = Array.from({ length: steps }, (_, step) => ({
      at: new Date(atMs + (step + 1) * stepMs).toISOString(),
      ...quiet,
    }));
    return [sample, ...filled];
  });
}
