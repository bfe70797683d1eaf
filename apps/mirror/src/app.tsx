import { useCallback, useEffect, useRef, useState } from "react";
import { CallPage } from "./components/call/call-page";
import { EndedPage } from "./components/call/ended-page";
import { KeepsakeTray } from "./components/call/keepsake-tray";
import { HomePage } from "./components/home/home-page";
import { LobbyPage } from "./components/lobby/lobby-page";
import type { Desk } from "./desk";
import { env } from "./env";
import { useStore } from "./hooks/use-store";
import { type Account, isStillSignedIn } from "./room/account";
import { type Call, prepareCall, startCall, type Waiting } from "./room/call";
import type { Ending } from "./room/ended";
import { formatRoomLink, type RoomLink, readRoomLink } from "./room/invite-link";

interface AppProps {
  desk: Desk;
  /** The call that a reload comes back to. */
  resumed: Call | null;
}

type View =
  | { page: "home" }
  | { page: "lobby"; link: RoomLink }
  | { page: "call"; call: Call }
  | { page: "ended"; link: RoomLink; ending: Ending };

/** Start, lobby, call, end. The address names the room, so that a reload or a bookmark leads back. */
export function App({ desk, resumed }: AppProps) {
  const account = useStore(desk.account);
  const [view, setView] = useState<View>(() =>
    resumed ? { page: "call", call: resumed } : viewOfAddress(),
  );

  useEffect(() => {
    const onBack = () => setView(viewOfAddress());
    addEventListener("popstate", onBack);
    return () => removeEventListener("popstate", onBack);
  }, []);

  // A session may end during a call, which may end with it. What the server refuses to keep may tell of it as well.
  const isInCall = view.page === "call";
  const refused = useStore(desk.keepsakes).filter(({ status }) => status === "failed").length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal asks again.
  useEffect(() => {
    if (!account || isInCall) return;
    void isStillSignedIn(account).then((known) => {
      if (!known && desk.account.get() === account) desk.account.set(null);
    });
  }, [desk, account, isInCall, refused]);

  const openLobby = (link: RoomLink) => {
    history.pushState(null, "", formatRoomLink(location.href, link));
    setView({ page: "lobby", link });
  };
  const openHome = () => {
    history.pushState(null, "", location.pathname);
    setView({ page: "home" });
  };
  const call = view.page === "call" ? view.call : null;
  const end = useCallback(
    (ending: Ending) => {
      if (!call) return;
      void call.leave();
      setView({ page: "ended", link: call.seat.link, ending });
    },
    [call],
  );

  // Going back with the browser leaves the room, too.
  useEffect(() => () => void call?.leave(), [call]);

  const lobbyLink = view.page === "lobby" ? view.link : null;
  const waiting = useRef<Waiting | null>(null);
  useEffect(() => {
    if (!lobbyLink) return;
    const own = prepareCall(desk, lobbyLink, accountOn(lobbyLink, account));
    waiting.current = own;
    return () => {
      if (waiting.current !== own) return;
      waiting.current = null;
      own.close();
    };
  }, [desk, lobbyLink, account]);

  if (view.page === "home") {
    return (
      <>
        <HomePage desk={desk} account={account} onAccount={desk.account.set} onLink={openLobby} />
        <KeepsakeCorner desk={desk} />
      </>
    );
  }
  if (view.page === "call") return <CallPage desk={desk} call={view.call} onEnd={end} />;
  const { link } = view;
  const ownAccount = accountOn(link, account);
  if (view.page === "ended") {
    return (
      <EndedPage
        desk={desk}
        ending={view.ending}
        onBack={() => setView({ page: "lobby", link })}
        onHome={openHome}
      />
    );
  }
  return (
    <>
      <LobbyPage
        desk={desk}
        link={link}
        account={ownAccount}
        onEnter={(displayName) => {
          const seat = { link, displayName, sinceMs: Date.now() };
          const own = waiting.current;
          waiting.current = null;
          setView({ page: "call", call: own?.enter(seat) ?? startCall(desk, seat, ownAccount) });
        }}
      />
      <KeepsakeCorner desk={desk} />
    </>
  );
}

/** What was kept of a call arrives, wherever somebody went from it. */
function KeepsakeCorner({ desk }: { desk: Desk }) {
  if (useStore(desk.keepsakes).length === 0) return null;
  return (
    <aside className="tray-corner" aria-label="What was kept">
      <KeepsakeTray keepsakes={desk.keepsakes} />
    </aside>
  );
}

function accountOn({ server }: RoomLink, account: Account | null): Account | null {
  return account?.server === server ? account : null;
}

function viewOfAddress(): View {
  const link = readRoomLink(location.search, env.serverOrigin);
  return link ? { page: "lobby", link } : { page: "home" };
}
