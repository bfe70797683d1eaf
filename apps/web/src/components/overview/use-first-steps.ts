"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { isAwake } from "../../lib/awake";
import { keepInCookie, keptInCookie } from "../../lib/own-cookie";
import { useMe } from "../shell/me";
import { type Ends, endsCookie, readEnds, type StepName, stepNames } from "./first-steps-ends";

/**
 * What a first admin has done of the four things that show what this is, by having done them.
 * @param told what the page's cookie told of it
 */
export function useFirstSteps(told: Ends) {
  const me = useMe();
  const trpc = useTRPC();
  // A page that is gone back to is as it was told once.
  const [ends, setEnds] = useState(() =>
    isAwake() ? readEnds(keptInCookie(endsCookie(me.id))) : told,
  );
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
  useEffect(() => {
    const before = takeEndsOfBefore(me.id);
    if (!before) return;
    keepInCookie(endsCookie(me.id), JSON.stringify(before));
    setEnds(before);
  }, [me.id]);
  const end = (names: readonly StepName[], as: "done" | "skipped") => {
    const next = { ...Object.fromEntries(names.map((name) => [name, as])), ...ends };
    keepInCookie(endsCookie(me.id), JSON.stringify(next));
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

/** Earlier releases kept it where no server sees it. */
function takeEndsOfBefore(userId: string): Ends | null {
  const key = `fermata.first-steps.${userId}`;
  const before = localStorage.getItem(key);
  if (!before) return null;
  localStorage.removeItem(key);
  return readEnds(before);
}
