import type { CallLab } from "./call-lab";
import type { Seating } from "./peer-page-script";
import type { PeerTab } from "./peer-pages";
import type { TestRoom } from "./rooms";

/** A room of its own with a tab for each of two, so that calls can be tested at the same time. */
export interface Call {
  room: TestRoom;
  ada: PeerTab;
  ben: PeerTab;
  /** One sits down after the other. */
  sit(options?: Seating["options"]): Promise<void>;
  /** They sit down, and see each other. */
  connect(): Promise<void>;
  connected(withinMs?: number): Promise<void>;
  bothSeePictures(): Promise<void>;
}

/** Runs a test with a call, and closes its tabs. */
export async function inCall(lab: CallLab, run: (call: Call) => Promise<void>): Promise<void> {
  const [room, ada, ben] = await Promise.all([lab.openRoom(), lab.openTab(), lab.openTab()]);
  const sit = async (options?: Seating["options"]) => {
    await ada.sit(lab.seating(room, "Ada", options));
    await ben.sit(lab.seating(room, "Ben", options));
  };
  const connected = async (withinMs?: number) => {
    await Promise.all([ada.connected(withinMs), ben.connected(withinMs)]);
  };
  const connect = async () => {
    await sit();
    await connected();
  };
  const bothSeePictures = async () => {
    await Promise.all([ada.pictures(), ben.pictures()]);
  };
  try {
    await run({ room, ada, ben, sit, connect, connected, bothSeePictures });
  } finally {
    await Promise.all([ada, ben].map((tab) => tab.page.context().close()));
  }
}
