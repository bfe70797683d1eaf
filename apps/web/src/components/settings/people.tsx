"use client";

import { useTRPC } from "@fermata/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { sentenceDay } from "../../lib/dates";
import { useNow } from "../../lib/use-now";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Chip } from "../ui/chip";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";
import { AccountMenu } from "./account-menu";
import { InviteDialog } from "./invite-dialog";

export function People() {
  const trpc = useTRPC();
  const now = useNow();
  const [inviting, setInviting] = useState(false);
  const list = useInfiniteQuery(
    trpc.auth.users.infiniteQueryOptions(
      { limit: 50 },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  const people = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section
      title="People"
      aside={
        <>
          <PageLink href="/audit" className="link">
            Audit log
          </PageLink>
          <Button size="sm" className="text-foreground" onClick={() => setInviting(true)}>
            <Plus />
            Invite
          </Button>
        </>
      }
    >
      {list.isPending && (
        <Loading label="Loading people">
          <Bone className="mt-4 w-56" />
          <Bone className="mt-8 w-48" />
        </Loading>
      )}
      {list.isLoadingError && (
        <Failure
          className="mt-4"
          error={list.error}
          retry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      )}
      <ul>
        {people.map((person) => {
          const { id, name, email, role, avatarUrl, createdAt, invited, disabledAt } = person;
          return (
            <li
              key={id}
              className="grid min-h-[54px] grid-cols-[minmax(0,1fr)_116px_172px_36px] items-center gap-x-3 border-b text-sm max-md:grid-cols-[minmax(0,1fr)_auto_44px]"
            >
              <div className="flex min-w-0 items-center gap-3 py-1.5">
                <Avatar name={name ?? email} url={avatarUrl} className="size-8 text-xs" />
                <div className="min-w-0">
                  <div className="truncate font-medium">{name ?? email}</div>
                  {name && <div className="truncate text-muted-foreground text-xs">{email}</div>}
                </div>
              </div>
              <span className="text-muted-foreground max-md:hidden">
                {person.lastUsedAt ? (
                  <>
                    Seen <Time at={person.lastUsedAt} now={now} relative />
                  </>
                ) : (
                  `Since ${sentenceDay(new Date(createdAt), now)}`
                )}
              </span>
              <div className="flex flex-wrap justify-end gap-1.5">
                {disabledAt && <Chip>Disabled</Chip>}
                {invited && <Chip>Invited</Chip>}
                <Chip className={role === "admin" ? "bg-accent text-accent-foreground" : undefined}>
                  {role === "admin" ? "Admin" : "Member"}
                </Chip>
              </div>
              <AccountMenu person={person} people={people} />
            </li>
          );
        })}
      </ul>
      <MoreButton list={list} />
      <InviteDialog open={inviting} onOpenChange={setInviting} />
    </Section>
  );
}
