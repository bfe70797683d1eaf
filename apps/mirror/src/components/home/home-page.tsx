import { useEffect } from "react";
import type { Desk } from "../../desk";
import { env } from "../../env";
import { useKeySource } from "../../hooks/use-key-source";
import { type Account, signOut } from "../../room/account";
import type { RoomLink } from "../../room/invite-link";
import { Keyboard } from "../piano/keyboard";
import { NoteRain } from "../piano/note-rain";
import { Brand } from "../ui/brand";
import { InviteForm } from "./invite-form";
import { NewRoomForm } from "./new-room-form";
import { SignInForm } from "./sign-in-form";

interface HomePageProps {
  desk: Desk;
  account: Account | null;
  onAccount(account: Account | null): void;
  onLink(link: RoomLink): void;
}

/** Where there is no room yet: sign in and open one, or come with a link. */
export function HomePage({ desk, account, onAccount, onLink }: HomePageProps) {
  useKeySource(desk);
  useEffect(() => {
    document.title = "Piano Mirror";
    desk.media.rest();
  }, [desk]);
  const leave = () => {
    if (account) void signOut(account);
    onAccount(null);
  };
  return (
    <div className="page">
      <header className="page-head">
        <Brand />
        {account && (
          <button type="button" className="link-button" onClick={leave}>
            Sign {account.name ?? account.email} out
          </button>
        )}
      </header>
      <main className="page-columns">
        <div className="preview dark">
          <div className="preview-picture">
            <NoteRain player={desk.player} />
          </div>
          <Keyboard label="A keyboard to try" side="own" player={desk.player} desk={desk} />
        </div>
        <div className="page-form">
          <h1>Piano Mirror</h1>
          <p className="page-lead">Two seats, two pianos, one view.</p>
          {account ? (
            <NewRoomForm account={account} onCreated={onLink} onSignedOut={() => onAccount(null)} />
          ) : (
            <SignInForm server={env.serverOrigin} onSignedIn={onAccount} />
          )}
          <hr />
          <InviteForm onLink={onLink} />
        </div>
      </main>
    </div>
  );
}
