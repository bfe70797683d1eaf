import { FermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import { warmUp } from "../warm-up";
import { createWrapper } from "./envelope";
import { IceCredentials } from "./ice-credentials";
import { createKeptSeats } from "./kept-seats";
import type { LinkEnvironment } from "./link-environment";
import { LocalMedia } from "./local-media";
import { MessageSource } from "./message-source";
import { nextTask } from "./next-task";
import { Outbox } from "./outbox";
import { Preparation } from "./preparation";
import type { PreparedOffer } from "./prepared-offer";
import { randomId } from "./random-id";
import { RoomChannels } from "./room-channels";
import { ownKinds, RoomInbox, signalKinds } from "./room-inbox";
import { RoomLinks } from "./room-links";
import { RoomSeat } from "./room-seat";
import { RoomState, statusAfter } from "./room-state";
import { RoomStream } from "./room-stream";
import { ServerClock } from "./server-clock";
import { SessionKeeper } from "./session-keeper";
import { createTabSession } from "./session-storage";
import type { Seat } from "./take-seat";
import type { PeerRoom, PeerRoomOptions, RoomStatus } from "./types";
import { watchPage } from "./watch-page";

/** Over HTTP/1.1 browsers open six connections to a server, for all tabs and everything: these, for moments, and the stream. */
const sendsUnderWay = 5;
/** Within this the other page has answered, where it is there. */
const answerMs = 100;

/**
 * One seat in a room: signaling, and a connection to every other seat, which come back by themselves. Nothing happens
 * before `prepare` or `join`. Needs WebRTC: a browser's, or what `rtc` gives.
 */
export function createPeerRoom(options: PeerRoomOptions): PeerRoom {
  const {
    client,
    roomId,
    connectTimeoutSeconds = 15,
    reconnectTimeoutSeconds = 60,
    sendPictureAhead = true,
  } = options;
  const rtc = options.rtc ?? globalThis;
  if (!rtc.RTCPeerConnection) throw new Error("There is no WebRTC here, and `rtc` gives none.");
  const sessions = options.session === undefined ? createTabSession(roomId) : options.session;
  const kept = options.session === undefined ? createKeptSeats(roomId) : null;
  const session: SessionKeeper = new SessionKeeper({ store: sessions, kept }, () => {
    const { taken } = seat;
    if (!taken) return null;
    return { peerId: taken.peerId, resumeToken: taken.resumeToken, cursor: source.cursor };
  });
  const media = new LocalMedia(
    options.localStream ?? null,
    options.audioProfile ?? "speech",
    (track) => state.emit("localTrackEnded", { track }),
  );
  const channels = new RoomChannels();
  const wrap = createWrapper(randomId());
  const state = new RoomState(media.stream);

  /** The server, spoken to from this page's seat. */
  let signaling: FermataCore["trpc"]["signaling"] | null = null;
  let stopWatching = () => {};

  const clock = new ServerClock();
  const stream = new RoomStream(client);
  const ice = new IceCredentials({
    now: clock.now,
    ask: async () => api().turnConfig.query({ roomId }),
    onRenewed: () => {
      for (const link of links.all()) link.credentialsRenewed();
    },
    onGrant: ({ provider, iceServers }) => {
      preparation.lookAhead(iceServers);
      state.update({ relayProvider: provider });
    },
  });
  const env: LinkEnvironment = {
    rtc,
    ice,
    media,
    channels,
    iceTransportPolicy: options.iceTransportPolicy ?? "all",
    connectTimeoutMs: connectTimeoutSeconds * 1000,
    reconnectTimeoutMs: reconnectTimeoutSeconds * 1000,
    // Not as `showPath` has it: one request that hangs must not keep connections from being tried.
    isOnline: () => source.path !== "offline",
    takeSpare: () => preparation.takeSpare(),
    send: (to, kind, body) =>
      // How far this page had read the room's log goes along.
      outbox.push({ to, kind, payload: wrap({ ...body, seen: inbox.readSoFar() }) }),
    onChange: (peer, previous) => {
      showPeers();
      if (peer.stream.getTracks().length > 0) void nextTask().then(() => state.release());
      if (previous === null) return;
      state.emit("peerState", { peer, previous });
      if (peer.state === "left") state.emit("peerLeft", peer);
    },
  };
  const links = new RoomLinks({
    env,
    onJoined: (peer) => state.emit("peerJoined", peer),
    onReturned: (peer) => state.emit("peerReturned", peer),
    onChange: showPeers,
  });
  const outbox: Outbox = new Outbox({
    post: async (batch) => api().send.mutate({ roomId, ...batch }),
    onUnauthenticated: () => void seat.resume(),
    onLate: () => {
      showPath();
      if (!outbox.isLate) serverIsBack();
    },
  });
  const source = new MessageSource({
    follow: (cursor, handlers) =>
      stream.follow({ roomId, roomToken: seat.taken?.roomToken ?? "", cursor }, handlers),
    pull: async (after) => api().pull.query({ roomId, after, presence: true }),
    onMessage: (message) => inbox.take(message),
    onReset: () => void startAfresh(),
    onPath: (previous) => {
      showPath();
      if (previous !== "offline") return;
      outbox.nudge();
      serverIsBack();
    },
    onEnd: endOfStream,
  });
  const inbox = new RoomInbox({
    links,
    session,
    emitter: state,
    seatCursor: () => seat.taken?.cursor ?? null,
    cursor: () => source.cursor,
  });

  const preparation = new Preparation({
    client,
    roomId,
    inviteToken: options.inviteToken,
    now: clock.now,
    env: () => env,
  });
  const seat: RoomSeat = new RoomSeat({
    client,
    roomId,
    inviteToken: options.inviteToken,
    displayName: options.displayName,
    session,
    preparation,
    stream,
    state,
    onEnter: watch,
    onTaken: begin,
    onInterrupted: interrupt,
    onEnd: end,
  });

  return {
    subscribe: state.subscribe,
    getSnapshot: state.getSnapshot,
    on: state.on,
    prepare,
    join: (given) => seat.join(given),
    leave,
    send,
    channel: (name, channelOptions) => channels.channel(name, channelOptions),
    setLocalStream(stream) {
      media.setStream(stream);
      preparation.mediaChanged();
      state.update({ localStream: stream });
    },
    replaceTrack(previous, next) {
      media.replaceTrack(previous, next);
      preparation.mediaChanged();
    },
    setAudioProfile: (profile) => media.setProfile(profile),
    async stats(peerId) {
      const link = peerId
        ? links.get(peerId)
        : links.all().find(({ view }) => view.state === "connected");
      return link?.stats() ?? null;
    },
    audioLevel: (peerId) => links.get(peerId)?.audioLevel() ?? null,
    retry: (peerId) => links.retry(peerId),
  };

  async function prepare(): Promise<void> {
    if (seat.isWanted) return;
    const isCurrent = seat.inThisLife();
    warmUp(client, 3);
    stream.expect();
    media.expectPeers(sendPictureAhead);
    await preparation.openLobby(() => isCurrent() && !seat.isWanted);
  }

  function watch(): void {
    stopWatching();
    stopWatching = watchPage({
      // A stream that hangs looks like a quiet one.
      onOffline: () => source.nudge(),
      onNetworkChange,
      onWake,
      onRestored,
      onHide: () => session.save(),
      onUnload: () => {
        session.save();
        seat.unload({ mayReturn: !options.leaveOnPageHide });
      },
    });
  }

  function interrupt(): string {
    const { cursor } = source;
    source.stop();
    outbox.close();
    state.setStatus("reconnecting");
    return cursor;
  }

  async function begin(taken: Seat, cursor: string, prepared: PreparedOffer | null): Promise<void> {
    clock.set(taken.serverTime);
    signaling = client.as(taken.roomToken).trpc.signaling;
    // Before all else: an answer to the offer that went with the join may be under way.
    inbox.hold();
    // An app that shows its peers keeps the page busy, and the answer would wait for that.
    if (taken.offeredTo) state.hold(answerMs);
    // The other page looks for a path once it knows where, and the answer waits for the stream: both as soon as can be.
    // Whoever goes on with the offer hears of a failure.
    if (taken.offeredTo && taken.turn) prepared?.begin(taken.turn.iceServers).catch(() => {});
    source.start(cursor);
    await nextTask();
    if (seat.taken !== taken) {
      if (taken.offeredTo) prepared?.discard();
      return;
    }
    stream.endExpecting();
    media.expectPeers(sendPictureAhead);
    ice.clear();
    outbox.drop(new FermataError("ABORTED"), ({ kind }) => signalKinds.some((own) => own === kind));
    outbox.open({ underWay: taken.ordersSends ? sendsUnderWay : 1 });
    state.update({ peerId: taken.peerId, signaling: "stream" });
    state.setStatus("joined");
    // Whoever comes later finds the credentials here.
    if (taken.turn) ice.take(taken.turn);
    else void ice.get();
    links.begin(taken, prepared);
    inbox.release();
    session.save();
  }

  async function leave(): Promise<void> {
    preparation.closeLobby();
    stream.endExpecting();
    media.expectPeers(false);
    // Not begun, nothing to give up; a session of before stays for whoever joins.
    if (state.getSnapshot().status === "idle") return;
    await seat.leave();
  }

  function end(given: Seat | null, status: RoomStatus, error: FermataError | null): void {
    stream.endExpecting();
    media.expectPeers(false);
    state.release();
    source.stop();
    stopWatching();
    session.clear(given);
    signaling = null;
    ice.clear();
    env.takeSpare()?.discard();
    outbox.close();
    outbox.drop(error ?? new FermataError("ROOM_CLOSED", "The room was left."));
    links.closeAll();
    state.update({ signaling: "offline", peerId: null, relayProvider: null });
    state.setStatus(status, error);
  }

  function endOfStream(error: FermataError): void {
    if (error.code === "UNAUTHENTICATED") void seat.resume();
    else seat.end(statusAfter(error), error);
  }

  function send(kind: string, payload: unknown, { to }: { to?: string } = {}): Promise<void> {
    if (ownKinds.includes(kind)) {
      return Promise.reject(new FermataError("INVALID_INPUT", `"${kind}" is the room's own kind.`));
    }
    const { status, error } = state.getSnapshot();
    if (!seat.isWanted && status !== "idle") {
      return Promise.reject(error ?? new FermataError("ROOM_CLOSED", "The room was left."));
    }
    return outbox.push({ to, kind, payload: wrap(payload) });
  }

  async function startAfresh(): Promise<void> {
    const isCurrent = seat.inThisLife();
    state.emit("missed", { resumedAt: new Date().toISOString() });
    const list = await api()
      .peers.query({ roomId })
      .catch(() => null);
    // Without the list, connections that are no more fail by themselves.
    if (list && isCurrent()) links.reconcile(list.peers);
  }

  function onNetworkChange(): void {
    preparation.lookAnew();
    source.nudge();
    outbox.nudge();
    for (const link of links.all()) link.networkChanged();
  }

  function onWake(): void {
    preparation.lookAnew();
    source.nudge();
    outbox.nudge();
    links.retry();
  }

  /** Left and kept: the server was told that this page is away. */
  async function onRestored(): Promise<void> {
    await seat.resume();
    // Somebody else needed the seat meanwhile; the invite leads to another, perhaps after a wait.
    if (state.getSnapshot().status === "seat-lost") await seat.join().catch(() => {});
  }

  /** The server is as far away as it does not answer what is sent, however well the stream stands. */
  function showPath(): void {
    const before = state.getSnapshot().signaling;
    const path = outbox.isLate ? "offline" : source.path;
    if (path === before) return;
    state.update({ signaling: path });
    state.setStatus(path === "offline" ? "reconnecting" : "joined");
  }

  function serverIsBack(): void {
    for (const link of links.all()) link.serverIsBack();
  }

  function api() {
    if (!signaling) throw new FermataError("ABORTED");
    return signaling;
  }

  function showPeers(): void {
    state.update({ peers: links.views() });
  }
}
