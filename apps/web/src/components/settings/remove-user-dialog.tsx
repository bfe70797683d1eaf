"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { formatBytes, plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Failure, FailureNote } from "../ui/failure";
import { Bone, Loading } from "../ui/skeleton";
import { inputClass } from "../ui/text-field";
import type { Person } from "./person";

interface RemoveUserDialogProps {
  person: Person;
  /** Who may get what the account has. */
  heirs: Person[];
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Says what an account has, and asks what becomes of it. */
export function RemoveUserDialog({ person, heirs, open, onOpenChange }: RemoveUserDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const selectId = useId();
  const { id: userId, email } = person;
  const [heirId, setHeirId] = useState<string | null>(null);
  const belongings = useQuery({
    ...trpc.auth.belongings.queryOptions({ userId }),
    enabled: open,
    staleTime: 0,
  });
  const remove = useMutation(
    trpc.auth.removeUser.mutationOptions({
      onSuccess: () => {
        onOpenChange(false);
        toast(`${email} is removed`);
      },
      onSettled: () => queryClient.invalidateQueries(trpc.auth.users.pathFilter()),
    }),
  );
  const has = belongings.data;
  const choices = [
    {
      value: null,
      title: "Delete all of it",
      text: "For good, bytes too. Public pages and links end.",
    },
    ...(heirs.length > 0
      ? [
          {
            value: heirs[0]?.id ?? "",
            title: "Hand it over",
            text: "Files, media, instruments and open rooms become somebody else’s. What is not finished goes.",
          },
        ]
      : []),
  ];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${email}?`}
      description="The account ends for good: nobody signs in with it again, and every session and room seat ends at once."
      className="w-[480px]"
      actions={
        <>
          <Button data-autofocus="" onClick={() => onOpenChange(false)}>
            Keep the account
          </Button>
          <Button
            variant="destructive"
            disabled={!has || remove.isPending}
            onClick={() =>
              remove.mutate({
                userId,
                belongings: heirId === null ? "delete" : { handOverTo: heirId },
              })
            }
          >
            {heirId === null ? "Remove and delete all" : "Hand over and remove"}
          </Button>
        </>
      }
    >
      {belongings.isPending && (
        <Loading label="Loading what the account has">
          <Bone className="mt-4 w-56" />
        </Loading>
      )}
      {belongings.isLoadingError && (
        <Failure
          className="mt-4"
          error={belongings.error}
          retry={() => void belongings.refetch()}
          retrying={belongings.isFetching}
        />
      )}
      {has && (
        <>
          <p className="mt-4 text-sm">
            It has{" "}
            <strong className="font-[550]">
              {plural(has.files.count, "file")} ({formatBytes(has.files.bytes)}), {has.media.count}{" "}
              media ({formatBytes(has.media.bytes)}), {plural(has.instruments.count, "instrument")},{" "}
              {has.instruments.published} of them published, and{" "}
              {plural(has.openRooms, "open room")}.
            </strong>
          </p>
          <fieldset aria-label="What becomes of it" className="mt-3 border-t">
            {choices.map(({ value, title, text }) => (
              <label
                key={title}
                className="flex items-start gap-2.5 border-b py-2.5 text-sm pointer-coarse:min-h-11"
              >
                <input
                  type="radio"
                  name="belongings"
                  checked={(heirId === null) === (value === null)}
                  onChange={() => setHeirId(value)}
                  className="mt-0.5 size-4 flex-none accent-primary"
                />
                <span>
                  <span className="block font-medium">{title}</span>
                  <span className="block text-muted-foreground text-xs">{text}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {heirId !== null && (
            <div className="mt-3 text-sm">
              <label htmlFor={selectId} className="mb-1.5 block font-medium">
                To whom
              </label>
              <select
                id={selectId}
                className={inputClass}
                value={heirId}
                onChange={(event) => setHeirId(event.target.value)}
              >
                {heirs.map((heir) => (
                  <option key={heir.id} value={heir.id}>
                    {heir.name ? `${heir.name} (${heir.email})` : heir.email}
                  </option>
                ))}
              </select>
            </div>
          )}
        </>
      )}
      {remove.error && <FailureNote error={remove.error} />}
    </Dialog>
  );
}
