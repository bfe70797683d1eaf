"use client";

import { useTRPC } from "@fermata/api/react";
import type { Session } from "@fermata/contract";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Laptop, Monitor, Smartphone, Terminal } from "lucide-react";
import { useState } from "react";
import { formatClock, sentenceDay } from "../../lib/dates";
import { plural } from "../../lib/format";
import { tellApart } from "../../lib/tell-apart";
import { toast } from "../../lib/toasts";
import { useNow } from "../../lib/use-now";
import { Button } from "../ui/button";
import { Chip } from "../ui/chip";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { Failure, FailureNote } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";

export function Sessions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const now = useNow();
  const [revokingAll, setRevokingAll] = useState(false);
  const list = useInfiniteQuery(
    trpc.auth.sessions.infiniteQueryOptions(
      { limit: 50 },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  const sessions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const labels = tellApart(sessions.map(({ name }) => name));
  const others = sessions.filter(({ current }) => !current);

  const refresh = () => queryClient.invalidateQueries(trpc.auth.sessions.pathFilter());
  const revoke = useMutation(trpc.auth.revokeSession.mutationOptions());
  const revokeOne = useMutation({
    mutationFn: ({ sessionId }: Session) => revoke.mutateAsync({ sessionId }),
    onSuccess: (_, { name }) => toast(`${name} is signed out`),
    onSettled: refresh,
  });
  const revokeOthers = useMutation({
    mutationFn: () => Promise.all(others.map(({ sessionId }) => revoke.mutateAsync({ sessionId }))),
    onSuccess: () => {
      setRevokingAll(false);
      toast(`${plural(others.length, "session")} signed out`);
    },
    onSettled: refresh,
  });

  return (
    <Section
      title="Sessions"
      ruled={false}
      aside={
        others.length > 0 && (
          <Button size="sm" variant="danger" onClick={() => setRevokingAll(true)}>
            Revoke all others
          </Button>
        )
      }
    >
      <p className="-mt-0.5 mb-2.5 text-muted-foreground text-sm">
        Where you are signed in. A revoked session fails on its next request.
      </p>
      {list.isPending && (
        <Loading label="Loading sessions">
          <Bone className="mt-4 w-56" />
          <Bone className="mt-8 w-48" />
        </Loading>
      )}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {revokeOne.error && <FailureNote error={revokeOne.error} />}
      <ul className="border-t">
        {sessions.map((session, index) => (
          <li
            key={session.sessionId}
            className="grid min-h-[54px] grid-cols-[minmax(0,1fr)_150px_112px] items-center gap-3 border-b text-sm max-md:grid-cols-[minmax(0,1fr)_auto]"
          >
            <div className="flex min-w-0 items-center gap-3 py-1.5">
              <DeviceIcon session={session} />
              <div className="min-w-0">
                <div className="truncate font-medium">{session.name}</div>
                <div className="text-muted-foreground text-xs">
                  {session.current ? "This session, since" : begun[session.kind]}{" "}
                  {sentenceDay(new Date(session.createdAt), now)},{" "}
                  {formatClock(new Date(session.createdAt))}
                  {session.address && <>, from {placeName(session.address)}</>}
                  <span className="md:hidden">
                    , seen <Time at={session.lastUsedAt} now={now} relative />
                  </span>
                </div>
              </div>
            </div>
            <span className="text-muted-foreground max-md:hidden">
              <Time at={session.lastUsedAt} now={now} relative />
            </span>
            <div className="flex justify-end">
              {session.current ? (
                <Chip className="bg-accent text-accent-foreground">This one</Chip>
              ) : (
                <Button
                  size="sm"
                  aria-label={`Revoke ${labels[index]}`}
                  disabled={revokeOne.isPending}
                  onClick={() => revokeOne.mutate(session)}
                >
                  Revoke
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
      <ConfirmDialog
        open={revokingAll}
        onOpenChange={setRevokingAll}
        title={`Revoke ${plural(others.length, "other session")}?`}
        description="Browsers have to sign in again. Programs that use a token stop until they get a new one."
        keep="Keep them"
        confirm="Revoke all others"
        onConfirm={() => revokeOthers.mutate()}
        pending={revokeOthers.isPending}
        error={revokeOthers.error}
      />
    </Section>
  );
}

const begun = { browser: "Signed in", token: "Created" } as const;

/** A server on one's own machine sees it as an address that few would know. */
function placeName(address: string): string {
  return /^(127\.|::1$|::ffff:127\.)/.test(address) ? "this server’s machine" : address;
}

function DeviceIcon({ session: { kind, name } }: { session: Session }) {
  const Icon =
    kind === "token"
      ? Terminal
      : /iphone|android|phone/i.test(name)
        ? Smartphone
        : /mac|laptop/i.test(name)
          ? Laptop
          : Monitor;
  return <Icon aria-hidden="true" className="size-5 text-muted-foreground" />;
}
