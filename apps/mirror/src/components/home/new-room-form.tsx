import { toFermataError } from "@fermata/api";
import { type FormEvent, useState } from "react";
import { type Account, clientOf } from "../../room/account";
import type { RoomLink } from "../../room/invite-link";
import { cleanName } from "../../text";
import { TextField } from "../ui/text-field";

interface NewRoomFormProps {
  account: Account;
  onCreated(link: RoomLink): void;
  /** The bearer is no longer good. */
  onSignedOut(): void;
}

const seats = 2;
const maxNameChars = 120;

export function NewRoomForm({ account, onCreated, onSignedOut }: NewRoomFormProps) {
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("name"));
    const name = cleanName(typed, maxNameChars) || "Piano lesson";
    setBusy(true);
    setError(undefined);
    try {
      const { signaling } = clientOf(account.server, account).trpc;
      const room = await signaling.createRoom.mutate({ name, capacity: seats });
      onCreated({
        server: account.server,
        roomId: room.roomId,
        inviteToken: room.inviteToken,
        name,
        until: room.expiresAt,
        relayOnly: false,
      });
    } catch (thrown) {
      const failure = toFermataError(thrown);
      if (failure.code === "UNAUTHENTICATED") onSignedOut();
      setError(failure.message);
      setBusy(false);
    }
  };

  return (
    <form className="form" onSubmit={submit}>
      <TextField
        label="What is it?"
        name="name"
        defaultValue={`${new Date().toLocaleDateString("en", { weekday: "long" })} lesson`}
        maxLength={maxNameChars}
        autoComplete="off"
        error={error}
      />
      <button type="submit" className="button button-primary button-large" disabled={busy}>
        {busy ? "Opening…" : "Open a room"}
      </button>
    </form>
  );
}
