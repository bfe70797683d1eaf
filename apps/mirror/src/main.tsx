import "@fontsource-variable/geist/index.css";
import "@fontsource-variable/geist-mono/index.css";
import "@fontsource-variable/newsreader/index.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/keyboard.css";
import "./styles/call.css";
import "./styles/overlays.css";
import "./styles/phone.css";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { createDesk } from "./desk";
import { env } from "./env";
import { findLeftovers } from "./recording/leftovers";
import { readAccount } from "./room/account";
import { startCall } from "./room/call";
import { readRoomLink } from "./room/invite-link";
import { readSeat } from "./room/seat";

const desk = createDesk();
const link = readRoomLink(location.search, env.serverOrigin);
const account = readAccount(link?.server ?? null);
desk.account.set(account);
const seat = link && readSeat(link);
const resumed = seat && startCall(desk, seat, account);

void findLeftovers().then((found) => found.forEach(desk.keepsakes.offer));

const root = document.getElementById("root");
if (root) createRoot(root).render(<App desk={desk} resumed={resumed} />);
