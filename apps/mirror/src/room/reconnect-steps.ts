import type { PeerRoomSnapshot, RemotePeer } from "@fermata/api";

export interface ReconnectStep {
  title: string;
  detail: string;
  status: "done" | "now" | "next";
  /** Since the line broke; null for what has not begun. */
  atMs: number | null;
}

type Step = NonNullable<RemotePeer["step"]>;

/** When each step was first seen, since the line broke. */
export type StepTimes = Partial<Record<Step, number>>;

const order: Step[][] = [["waiting", "network-changed"], ["restarting"], ["rebuilding"]];

/** What is being done about a broken line, what was, and what comes next. */
export function reconnectSteps(
  times: StepTimes,
  current: Step | null,
  relayProvider: PeerRoomSnapshot["relayProvider"],
): ReconnectStep[] {
  const at = Math.max(
    0,
    order.findIndex((steps) => steps.some((step) => step === current)),
  );
  const hasRelay = relayProvider !== null && relayProvider !== "stun-only";
  const words = [
    "network-changed" in times
      ? { title: "The network changed", detail: "This device lost the server, or moved." }
      : { title: "The line broke", detail: "Short breaks mostly heal by themselves." },
    { title: "Restarting the connection", detail: "Looking for a direct path." },
    hasRelay
      ? {
          title: "Ask for a relay",
          detail: "If no direct path answers. Adds a little delay.",
        }
      : {
          title: "Build a new connection",
          detail: "No relay is set up; only a direct path can answer.",
        },
  ];
  return words.map((text, index) => ({
    ...text,
    status: index < at ? "done" : index === at ? "now" : "next",
    atMs: firstTime(times, order[index] ?? []),
  }));
}

function firstTime(times: StepTimes, steps: Step[]): number | null {
  const known = steps.flatMap((step) => times[step] ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
