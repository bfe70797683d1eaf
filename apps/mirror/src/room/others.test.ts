import type { RemotePeer } from "@fermata/api";
import { expect, test } from "vitest";
import { furtherPeers, otherPeer } from "./others";

const peer = (peerId: string, state: RemotePeer["state"]) => ({ peerId, state }) as RemotePeer;
const ids = (peers: (RemotePeer | null)[]) => peers.map((found) => found?.peerId);

test("everybody who is here is on the other side or beside it", () => {
  const peers = [
    peer("gone", "left"),
    peer("ben", "connected"),
    peer("cleo", "failed"),
    peer("dora", "connecting"),
  ];
  expect(ids([otherPeer({ peers })])).toEqual(["ben"]);
  expect(ids(furtherPeers({ peers }))).toEqual(["cleo", "dora"]);
});

test("who left stays on the other side until somebody comes", () => {
  const peers = [peer("ben", "left")];
  expect(ids([otherPeer({ peers })])).toEqual(["ben"]);
  expect(furtherPeers({ peers })).toEqual([]);
  expect(otherPeer({ peers: [] })).toBeNull();
});
