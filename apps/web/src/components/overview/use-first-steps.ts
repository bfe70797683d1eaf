"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../shell/me";

export const stepNames = ["picture", "instrument", "room", "job"] as const;
export type StepName = (typeof stepNames)[number];

type Ends = Partial<Record<StepName, "done" | "skipped">>;

/** What a first admin has done of the four things that show what this is, by having done them. */
export function useFirstSteps() {
  const me = useMe();
  const trpc = useTRPC();
  const [ends, setEnds] = useState<Ends>(() => readEnds(me.id));
  /** What is being done: its result is to be read before the next one comes. */
  const [held, hold] = useState<StepName | null>(null);
  const isOver = stepNames.every((name) => ends[name]);
  const enabled = me.role === "admin" && !isOver;
  const instruments = useQuery({ ...trpc.instruments.list.queryOptions({ limit: 1 }), enabled });
  const rooms = useQuery({ ...trpc.signaling.rooms.queryOptions({ limit: 1 }), enabled });
  const jobs = useQuery({ ...trpc.crons.list.queryOptions(), enabled });

  const done: Record<StepName, boolean | undefined> = {
    picture: me.avatarUrl !== null,
    instrument: instruments.data && instruments.data.items.length > 0,
    room: rooms.data && rooms.data.items.length > 0,
    job: jobs.data?.items.some(({ lastRun }) => lastRun?.trigger === "manual"),
  };
  const end = (names: readonly StepName[], as: "done" | "skipped") => {
    const next = { ...Object.fromEntries(names.map((name) => [name, as])), ...ends };
    writeEnds(me.id, next);
    setEnds(next);
    hold(null);
  };
  const isKnown = enabled && stepNames.every((name) => ends[name] || done[name] !== undefined);
  const steps = stepNames.map((name) => {
    const how = ends[name] ?? (done[name] ? "done" : undefined);
    return { name, end: name === held ? undefined : how };
  });
  return {
    steps,
    /** The first that is neither done nor skipped; null where there is none, or where it is not known yet. */
    current: (isKnown && steps.find((step) => !step.end)?.name) || null,
    end,
    hold,
  };
}

const storageKey = (userId: string) => `fermata.first-steps.${userId}`;

function readEnds(userId: string): Ends {
  try {
    return JSON.parse(localStorage.getItem(storageKey(userId)) ?? "{}") as Ends;
  } catch {
    return {};
  }
}

function writeEnds(userId: string, ends: Ends): void {
  localStorage.setItem(storageKey(userId), JSON.stringify(ends));
}
