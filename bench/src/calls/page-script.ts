import { createFermata, createPeerRoom, type PeerRoom } from "@fermata/api";
import { Peer, type PeerOptions } from "peerjs";
import { prepareFloor } from "./floor";
import { mark, readMarks, watchPage } from "./marks";

/** What a page needs in order to meet the other one with Fermata. */
export interface FermataSeat {
  url: string;
  roomId: string;
  inviteToken: string;
  displayName: string;
  policy: RTCIceTransportPolicy;
}

export interface PeerJsSeat {
  host: string;
  port: number;
  id: string;
  iceServers: RTCIceServer[];
  policy: RTCIceTransportPolicy;
}

export interface CallResult {
  /** From the click to the first frame of the other side, in milliseconds. */
  setupMs: number;
  /** Whether the path goes through the relay. */
  isRelayed: boolean;
}

let camera: MediaStream | null = null;
let connections: RTCPeerConnection[] = [];

// Both clients make their connections through this, so that their paths can be looked at in the same way.
watchPage((connection) => connections.push(connection));

async function openCamera(): Promise<MediaStream> {
  camera ??= await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  return camera;
}

/** Resolves when the browser has presented a frame of the stream. */
function firstFrame(stream: MediaStream): Promise<void> {
  const video = document.body.appendChild(document.createElement("video"));
  video.muted = true;
  video.srcObject = stream;
  void video.play().catch(() => {});
  return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve()));
}

async function isRelayed(): Promise<boolean> {
  for (const connection of connections.toReversed()) {
    const stats = await connection.getStats();
    for (const report of stats.values()) {
      if (report.type !== "candidate-pair" || !report.nominated) continue;
      return stats.get(report.localCandidateId)?.candidateType === "relay";
    }
  }
  throw new Error("no path was found");
}

function openRoom({ url, policy, ...seat }: FermataSeat, localStream: MediaStream): PeerRoom {
  const client = createFermata({ url });
  const options = { client, ...seat, localStream, session: null, iceTransportPolicy: policy };
  return createPeerRoom(options);
}

let lobby: PeerRoom | null = null;
let floor: (() => Promise<MediaStream>) | null = null;

function openPeer({ host, port, id, iceServers, policy }: PeerJsSeat): Peer {
  const config = { iceServers, iceTransportPolicy: policy };
  const options: PeerOptions = { host, port, path: "/", secure: false, config };
  return new Peer(id, options);
}

/** Opens the camera before anybody clicks: asking for it is the same work for both. */
async function prepare(): Promise<void> {
  connections = [];
  await openCamera();
}

export const bench = {
  prepare,
  readMarks,

  async waitWithFermata(seat: FermataSeat): Promise<void> {
    const room = openRoom(seat, await openCamera());
    room.join().catch(() => {});
    await new Promise<void>((resolve) => {
      room.subscribe(() => room.getSnapshot().status === "joined" && resolve());
    });
  },

  /** As an app does whose users look at themselves before they go in. */
  async openLobby(seat: FermataSeat): Promise<void> {
    lobby = openRoom(seat, await openCamera());
    await lobby.prepare();
  },

  async callWithFermata(seat: FermataSeat): Promise<CallResult> {
    const stream = await openCamera();
    const clickedAt = performance.now();
    mark("click");
    const room = lobby ?? openRoom(seat, stream);
    room.join().catch(() => {});
    // As apps do: the stream is there with the peer, and its tracks come later. PeerJS gives one with its tracks only.
    const remote = await new Promise<MediaStream>((resolve) => {
      room.subscribe(() => {
        const [other] = room.getSnapshot().peers;
        if (other) resolve(other.stream);
      });
    });
    await firstFrame(remote);
    const setupMs = performance.now() - clickedAt;
    mark("first frame");
    return { setupMs, isRelayed: await isRelayed() };
  },

  async openFloor({ iceServers, policy }: Pick<PeerJsSeat, "iceServers" | "policy">) {
    floor = await prepareFloor(await openCamera(), policy, iceServers);
  },

  async callOnFloor(): Promise<CallResult> {
    if (!floor) throw new Error("nothing was prepared");
    const clickedAt = performance.now();
    mark("click");
    await firstFrame(await floor());
    const setupMs = performance.now() - clickedAt;
    mark("first frame");
    return { setupMs, isRelayed: await isRelayed() };
  },

  async waitWithPeerJs(seat: PeerJsSeat): Promise<void> {
    const stream = await openCamera();
    const peer = openPeer(seat);
    peer.on("call", (call) => call.answer(stream));
    await new Promise<void>((resolve) => peer.on("open", () => resolve()));
  },

  async callWithPeerJs(seat: PeerJsSeat, otherId: string): Promise<CallResult> {
    const stream = await openCamera();
    const clickedAt = performance.now();
    mark("click");
    const peer = openPeer(seat);
    await new Promise<void>((resolve) => peer.on("open", () => resolve()));
    const call = peer.call(otherId, stream);
    const remote = await new Promise<MediaStream>((resolve) => call.on("stream", resolve));
    await firstFrame(remote);
    const setupMs = performance.now() - clickedAt;
    mark("first frame");
    return { setupMs, isRelayed: await isRelayed() };
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}

window.bench = bench;
