"use client";

import { Ellipsis, Keyboard, LogOut, Monitor, Moon, Settings2, Sun } from "lucide-react";
import { useState } from "react";
import { initials } from "../../lib/initials";
import { signOut } from "../../lib/sign-in";
import { setTheme, type Theme, useTheme } from "../../lib/theme";
import { leaveIfSaved, useGo } from "../../lib/unsaved";
import { sendUnsentDeletions } from "../files/pending-deletions";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../ui/menu";
import { openKeysDialog } from "./keys-dialog";
import { useIsOperator, useMe } from "./me";

const themeOptions = [
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
  ["system", "As the system", Monitor],
] as const satisfies readonly (readonly [Theme, string, typeof Sun])[];

/** Deletions that could still be taken back are the user's, and need the session. */
async function leave(): Promise<void> {
  await sendUnsentDeletions();
  await signOut();
}

/** Theme, keys, settings, sign out. A phone shows it behind the avatar. */
export function UserMenu({
  side,
  asAvatar = false,
}: {
  side: "top" | "bottom";
  asAvatar?: boolean;
}) {
  const me = useMe();
  const isOperator = useIsOperator();
  const name = me.name ?? me.email;
  const go = useGo();
  const theme = useTheme();
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <>
      <Menu
        side={side}
        trigger={
          asAvatar ? (
            <IconButton
              // Whoever speaks to the screen says what is written on it.
              label={me.avatarUrl ? "Account menu" : `${initials(name)}, account menu`}
              title="Account menu"
              className="size-11 max-md:size-11"
            >
              <Avatar name={name} url={me.avatarUrl} />
            </IconButton>
          ) : (
            <IconButton label="Account menu" className="hover:bg-sidebar-accent">
              <Ellipsis />
            </IconButton>
          )
        }
      >
        <MenuChoice label="Theme" value={theme} onChange={setTheme} options={themeOptions} stays />
        <MenuSeparator />
        {!isOperator && (
          <MenuItem icon={Settings2} onSelect={() => go("/settings")}>
            Settings
          </MenuItem>
        )}
        <MenuItem icon={Keyboard} onSelect={openKeysDialog}>
          All keys
        </MenuItem>
        {!isOperator && (
          <>
            <MenuSeparator />
            <MenuItem
              icon={LogOut}
              onSelect={() => leaveIfSaved(() => void leave().catch(setFailure))}
            >
              Sign out
            </MenuItem>
          </>
        )}
      </Menu>
      <Dialog
        open={failure !== null}
        onOpenChange={() => setFailure(null)}
        title="You are still signed in"
        actions={
          <Button variant="primary" onClick={() => setFailure(null)}>
            Close
          </Button>
        }
      >
        <FailureNote error={failure} />
      </Dialog>
    </>
  );
}
