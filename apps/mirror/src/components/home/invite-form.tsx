import { type FormEvent, useState } from "react";
import { type RoomLink, readRoomLink } from "../../room/invite-link";
import { TextField } from "../ui/text-field";

/** For whoever got a link and has it at hand, in an installed app, say. */
export function InviteForm({ onLink }: { onLink(link: RoomLink): void }) {
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const link = readRoomLink(String(new FormData(event.currentTarget).get("link")), null);
    if (link) onLink(link);
    else setError("That is no invite link. Copy the whole link that you were sent.");
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <TextField
        label="Invite link"
        name="link"
        className="mono"
        autoComplete="off"
        spellCheck={false}
        error={error}
      />
      <button type="submit" className="button button-large">
        Join with the link
      </button>
    </form>
  );
}
