"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  Ban,
  CircleCheck,
  Ellipsis,
  KeyRound,
  Link2,
  ShieldOff,
  Trash2,
  UserCog,
} from "lucide-react";
import { lazy, useState } from "react";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { WhenOpened } from "../ui/when-opened";
import { LinkDialog, type MadeLink } from "./link-dialog";
import type { Person } from "./person";

const RemoveUserDialog = lazy(async () => ({
  default: (await import("./remove-user-dialog")).RemoveUserDialog,
}));

type Asking = "disable" | "factor" | "remove" | null;

/** What an admin does to somebody's account. What cannot be undone is asked first. */
export function AccountMenu({ person, people }: { person: Person; people: Person[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const [link, setLink] = useState<MadeLink | null>(null);
  const { id: userId, email, role } = person;
  const refresh = () => queryClient.invalidateQueries(trpc.auth.users.pathFilter());
  const close = (open: boolean) => setAsking(open ? asking : null);

  const invite = useMutation(
    trpc.auth.inviteAgain.mutationOptions({
      onSuccess: ({ inviteUrl, expiresAt }) =>
        setLink({ kind: "invitation", email, url: inviteUrl, expiresAt }),
      onSettled: refresh,
    }),
  );
  const reset = useMutation(
    trpc.auth.createResetLink.mutationOptions({
      onSuccess: ({ resetUrl, expiresAt }) =>
        setLink({ kind: "reset", email, url: resetUrl, expiresAt }),
    }),
  );
  const setRole = useMutation(
    trpc.auth.setRole.mutationOptions({
      onSuccess: (now) =>
        toast(`${email} is ${now.role === "admin" ? "an admin" : "a member"}`, () =>
          setRole.mutate({ userId, role }),
        ),
      onSettled: refresh,
    }),
  );
  const setDisabled = useMutation(
    trpc.auth.setDisabled.mutationOptions({
      onSuccess: ({ disabledAt }) => {
        setAsking(null);
        toast(disabledAt ? `${email} is disabled` : `${email} can sign in again`);
      },
      onSettled: refresh,
    }),
  );
  const resetFactor = useMutation(
    trpc.auth.resetSecondFactor.mutationOptions({
      onSuccess: () => {
        setAsking(null);
        toast(`${email} signs in with the password alone`);
      },
      onSettled: refresh,
    }),
  );
  const failed =
    invite.error ?? reset.error ?? setRole.error ?? (asking ? null : setDisabled.error);

  return (
    <>
      <Menu
        trigger={
          <IconButton label={`Change ${email}`}>
            <Ellipsis />
          </IconButton>
        }
      >
        {person.invited ? (
          <MenuItem icon={Link2} onSelect={() => invite.mutate({ userId })}>
            New invitation
          </MenuItem>
        ) : (
          <MenuItem icon={KeyRound} onSelect={() => reset.mutate({ userId })}>
            Link to reset the password
          </MenuItem>
        )}
        <MenuItem
          icon={UserCog}
          onSelect={() => setRole.mutate({ userId, role: role === "admin" ? "member" : "admin" })}
        >
          {role === "admin" ? "Make a member" : "Make an admin"}
        </MenuItem>
        {person.hasSecondFactor && (
          <MenuItem icon={ShieldOff} onSelect={() => setAsking("factor")}>
            Take the second factor away
          </MenuItem>
        )}
        <MenuSeparator />
        {person.disabledAt ? (
          <MenuItem
            icon={CircleCheck}
            onSelect={() => setDisabled.mutate({ userId, disabled: false })}
          >
            Enable
          </MenuItem>
        ) : (
          <MenuItem icon={Ban} onSelect={() => setAsking("disable")}>
            Disable
          </MenuItem>
        )}
        <MenuItem icon={Trash2} destructive onSelect={() => setAsking("remove")}>
          Remove
        </MenuItem>
      </Menu>
      {failed && (
        <div className="col-span-full pb-2">
          <FailureNote error={failed} />
        </div>
      )}
      <ConfirmDialog
        open={asking === "disable"}
        onOpenChange={close}
        title={`Disable ${email}?`}
        description="They are signed out everywhere and out of every room, at once. What they have stays. You can enable them again."
        keep="Keep"
        confirm="Disable"
        onConfirm={() => setDisabled.mutate({ userId, disabled: true })}
        pending={setDisabled.isPending}
        error={setDisabled.error}
      />
      <ConfirmDialog
        open={asking === "factor"}
        onOpenChange={close}
        title={`Take the second factor of ${email} away?`}
        description="The password alone signs in from then on, until they turn it on again. Make sure that it is they who ask."
        keep="Keep it"
        confirm="Take it away"
        onConfirm={() => resetFactor.mutate({ userId })}
        pending={resetFactor.isPending}
        error={resetFactor.error}
      />
      <WhenOpened open={asking === "remove"}>
        <RemoveUserDialog
          person={person}
          heirs={people.filter((other) => other.id !== userId && !other.disabledAt)}
          open={asking === "remove"}
          onOpenChange={close}
        />
      </WhenOpened>
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </>
  );
}
