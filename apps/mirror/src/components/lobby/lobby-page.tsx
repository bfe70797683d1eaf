import { type FormEvent, useEffect, useState } from "react";
import type { Desk } from "../../desk";
import { useKeySource } from "../../hooks/use-key-source";
import { useStore } from "../../hooks/use-store";
import type { Account } from "../../room/account";
import { formatRoomLink, type RoomLink } from "../../room/invite-link";
import { cleanName, firstName, listed, untilText } from "../../text";
import { Brand } from "../ui/brand";
import { CopyField } from "../ui/copy-field";
import { TextField } from "../ui/text-field";
import { DeviceRows } from "./device-rows";
import { Preview } from "./preview";
import { Seats } from "./seats";
import { useWhoIsThere } from "./use-who-is-there";

interface LobbyPageProps {
  desk: Desk;
  link: RoomLink;
  account: Account | null;
  onEnter(displayName: string): void;
}

const maxNameChars = 80;

/** Before the call: who am I, what do I have, and who is there. */
export function LobbyPage({ desk, link, account, onEnter }: LobbyPageProps) {
  const source = useKeySource(desk);
  const preferences = useStore(desk.preferences);
  const [error, setError] = useState<string>();
  const title = link.name ?? "Piano Mirror";

  useEffect(() => {
    document.title = `${title}, Piano Mirror`;
  }, [title]);

  useEffect(() => {
    const { cameraOn, microphoneOn } = desk.preferences.get();
    void desk.media.open({ camera: cameraOn, microphone: microphoneOn });
    void desk.midi.open();
  }, [desk]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem("name");
    const name = cleanName(String(new FormData(event.currentTarget).get("name")), maxNameChars);
    if (name === "") {
      setError("Say who is there.");
      if (field instanceof HTMLElement) field.focus();
      return;
    }
    desk.preferences.update({ name });
    onEnter(name);
  };

  return (
    <div className="page">
      <header className="page-head">
        <Brand />
        {link.until && (
          <span className="page-until">
            <span className="wide-only">Room open</span>
            <span className="phone-only">Open</span> until {untilText(link.until, new Date())}
          </span>
        )}
      </header>
      <main className="page-columns">
        <Preview desk={desk} />
        <form className="page-form" onSubmit={submit} noValidate>
          <h1>{title}</h1>
          <p className="page-lead">Two pianos, one view.</p>
          <TextField
            label="Your name"
            name="name"
            autoComplete="name"
            maxLength={maxNameChars}
            defaultValue={preferences.name || account?.name || ""}
            error={error}
          />
          <DeviceRows desk={desk} source={source} />
          {link.inviteToken && account && (
            <CopyField label="Invite link" text={formatRoomLink(location.href, link)} />
          )}
          <Waiting link={link} account={account} ownName={preferences.name} />
          <button type="submit" className="button button-primary button-large">
            Go in
          </button>
        </form>
      </main>
    </div>
  );
}

interface WaitingProps {
  link: RoomLink;
  account: Account | null;
  ownName: string;
}

function Waiting({ link, account, ownName }: WaitingProps) {
  const names = useWhoIsThere(link, account);
  // One's own seat of a moment ago is not somebody else.
  const others = names?.filter((name) => name !== ownName).map(firstName) ?? [];
  const [title, detail] = others.length
    ? [`${listed(others)} ${others.length === 1 ? "is" : "are"} in the room`, "Go in and play."]
    : names
      ? ["Waiting for the other seat", "You can go in now and warm up."]
      : ["You are invited", "No account is needed. Go in when you are ready."];
  return (
    <div className="waiting" aria-live="polite">
      <Seats otherIsHere={others.length > 0} />
      <span className="choice-text">
        <span className="choice-title">{title}</span>
        <span className="choice-detail">{detail}</span>
      </span>
    </div>
  );
}
