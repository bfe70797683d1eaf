import { FermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import { createWrapper } from "./envelope";
import { IceCredentials } from "./ice-credentials";
import { createKeptSeats } from "./kept-seats";
import type { LinkEnvironment } from "./link-environment";
import { LocalMedia } from "./local-media";
import { MessageSource } from "./message-source";
import { Outbox, retryAfterMs } from "./outbox";
import { Preparation } from "./preparation";
import type { PreparedOffer } from "./prepared-offer";
import { randomId } from "./random-id";
import { RoomChannels } from "./room-channels";
import { ownKinds, RoomInbox, signalKinds } from "./room-inbox";
import { RoomLinks } from "./room-links";
import { RoomState } from "./room-state";
import { RoomStream } from "./room-stream";
import { holding, inTurn } from "./seat-turns";
import { ServerClock } from "./server-clock";
import { SessionKeeper } from "./session-keeper";
import { createTabSession } from "./session-storage";
import { giveBackSeat, type Seat, takeSeat } from "./take-seat";
import type { PeerRoom, PeerRoomOptions, RoomStatus } from "./types";
import { warmUp } from "./warm-up";
import { watchPage } from "./watch-page";

/** Over HTTP/1.1 browsers open six connections to a server, for all tabs and everything: these, for moments, and the stream. */
const sendsUnderWay = 5;
/** How soon a full room is asked again. */
const betweenTriesMs = 5_000;

/** By what a seat is asked for. */
interface Proof {
  inviteToken?: string;
  resumeToken?: string;
  lobbyKey?: string | undefined;
}

/**
 * One seat in a room: signaling, and a connection to every other seat, which come back by themselves. Nothing happens
 * before `prepare` or `join`. Needs WebRTC: a browser's, or what `rtc` gives.
 */
export function createPeerRoom(options: PeerRoomOptions): PeerRoom {
  const { client, roomId, connectTimeoutSeconds = 15, reconnectTimeoutSeconds = 60 } = options;
  const rtc = options.rtc ?? globalThis;
  if (!rtc.RTCPeerConnection) throw new Error("There is no WebRTC here, and `rtc` gives none.");
  const sessions = options.session === undefined ? createTabSession(roomId) : options.session;
  const kept = options.session === undefined ? createKeptSeats(roomId) : null;
  const session = new SessionKeeper(
    { store: sessions, kept },
    () => seat && { peerId: seat.peerId, resumeToken: seat.resumeToken, cursor: source.cursor },
  );
  const media = new LocalMedia(
    options.localStream ?? null,
    options.audioProfile ?? "speech",
    (track) => state.emit("localTrackEnded", { track }),
  );
  const channels = new RoomChannels();
  const wrap = createWrapper(randomId());
  const state = new RoomState(media.stream);

  let { displayName } = options;
  let seat: Seat | null = null;
  /** The server, spoken to from that seat. */
  let signaling: FermataCore["trpc"]["signaling"] | null = null;
  /** Goes up with each join and each end: what was begun before is void. */
  let life = 0;
  let joining: Promise<void> | null = null;
  /** Of the join that is under way. */
  let joinKey = "";
  let tryTimer: ReturnType<typeof setTimeout> | undefined;
  let stopWatching = () => {};

  const clock = new ServerClock();
  const stream = new RoomStream(client);
  const ice = new IceCredentials({
    now: clock.now,
    ask: async () => api().turnConfig.query({ roomId }),
    onRenewed: () => {
      for (const link of links.all()) link.credentialsRenewed();
    },
    onGrant: ({ provider }) => state.update({ relayProvider: provider }),
  });
  const env: LinkEnvironment = {
    rtc,
    ice,
    media,
    channels,
    iceTransportPolicy: options.iceTransportPolicy ?? "all",
    connectTimeoutMs: connectTimeoutSeconds * 1000,
    reconnectTimeoutMs: reconnectTimeoutSeconds * 1000,
    isOnline: () => state.getSnapshot().signaling !== "offline",
    takeSpare: () => preparation.takeSpare(),
    send: (to, kind, body) =>
      // How far this page had read the room's log goes along.
      outbox.push({ to, kind, payload: wrap({ ...body, seen: inbox.readSoFar() }) }),
    onChange: (peer, previous) => {
      showPeers();
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
  const outbox = new Outbox({
    post: async (batch) => api().send.mutate({ roomId, ...batch }),
    onUnauthenticated: () => void resume(),
  });
  const source = new MessageSource({
    follow: (cursor, handlers) =>
      stream.follow({ roomId, roomToken: seat?.roomToken ?? "", cursor }, handlers),
    pull: async (after) => api().pull.query({ roomId, after, presence: true }),
    onMessage: (message) => inbox.take(message),
    onReset: () => void startAfresh(),
    onPath: (path) => {
      const wasOffline = state.getSnapshot().signaling === "offline";
      state.update({ signaling: path });
      state.setStatus(path === "offline" ? "reconnecting" : "joined");
      if (!wasOffline) return;
      outbox.nudge();
      for (const link of links.all()) link.serverIsBack();
    },
    onEnd: endOfStream,
  });
  const inbox = new RoomInbox({
    links,
    session,
    emitter: state,
    seatCursor: () => seat?.cursor ?? null,
    cursor: () => source.cursor,
  });

  const preparation = new Preparation({
    client,
    roomId,
    inviteToken: options.inviteToken,
    env: () => env,
  });

  return {
    subscribe: state.subscribe,
    getSnapshot: state.getSnapshot,
    on: state.on,
    prepare,
    join,
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
    retry(peerId) {
      for (const link of links.all()) {
        if (peerId === undefined || link.view.peerId === peerId) link.retry();
      }
    },
  };

  async function prepare(): Promise<void> {
    if (seat || joining) return;
    const own = life;
    warmUp(client);
    stream.expect();
    await preparation.openLobby(() => own === life && !seat && !joining);
  }

  function join(given: { displayName?: string } = {}): Promise<void> {
    displayName = given.displayName ?? displayName;
    if (seat) return joining ?? Promise.resolve();
    return joining ?? keepJoining(enter(++life));
  }

  function keepJoining(attempt: Promise<void>): Promise<void> {
    joining = attempt;
    const forget = () => {
      if (joining === attempt) joining = null;
    };
    attempt.then(forget, forget);
    return attempt;
  }

  async function enter(own: number, { isWaiting = false } = {}): Promise<void> {
    clearTimeout(tryTimer);
    if (!isWaiting) state.setStatus("joining");
    stopWatching();
    stopWatching = watchPage({
      // A stream that hangs looks like a quiet one.
      onOffline: () => source.nudge(),
      onNetworkChange,
      onWake,
      onRestored,
      onHide: () => session.save(),
      onUnload,
    });
    const saved = await session.find();
    if (own !== life) throw new FermataError("ABORTED");
    // Who waits for a seat asks often, and makes its connections when it has one.
    const { offer: prepared = null, lobbyKey } = isWaiting ? {} : preparation.take();
    if (!isWaiting && !lobbyKey) warmUp(client);
    stream.expect();
    const proof = { inviteToken: options.inviteToken, lobbyKey, ...saved };
    const taken = await sit(own, proof, "refused", prepared).catch((error: unknown) => {
      prepared?.discard();
      throw error;
    });
    if (own !== life) await abandon(taken);
    if (!taken.offeredTo) preparation.keep(prepared);
    const isSame = saved?.peerId === taken.peerId;
    session.seen = isSame ? saved.seen : {};
    begin(taken, isSame ? saved.cursor : taken.cursor, prepared);
  }

  /** The token became void while nobody listened. Only the very same seat will do: an invite would undo a kick. */
  async function resume(): Promise<void> {
    if (!seat || joining) return;
    const { resumeToken } = seat;
    const { cursor } = source;
    const own = ++life;
    source.stop();
    outbox.close();
    state.setStatus("reconnecting");
    const resumed = sit(own, { resumeToken }, "seat-lost").then(async (taken) => {
      if (own !== life) await abandon(taken);
      begin(taken, cursor);
    });
    // The status tells of a failure.
    await keepJoining(resumed).catch(() => {});
  }

  async function sit(
    own: number,
    proof: Proof,
    unknown: RoomStatus,
    prepared: PreparedOffer | null = null,
  ): Promise<Seat> {
    try {
      return await inTurn(roomId, () => sitDown(own, proof, prepared));
    } catch (error) {
      if (own === life && error instanceof FermataError) {
        const { code } = error;
        end(code === "ROOM_FULL" ? "full" : code === "ROOM_CLOSED" ? "closed" : unknown, error);
        if (code === "ROOM_FULL") waitForSeat(error);
      }
      throw error;
    }
  }

  async function sitDown(own: number, proof: Proof, prepared: PreparedOffer | null): Promise<Seat> {
    const isCancelled = () => own !== life;
    const { inviteToken, resumeToken, lobbyKey } = proof;
    const onDelay = (error: FermataError) => state.update({ error });
    const body = await prepared?.body();
    if (isCancelled()) throw new FermataError("ABORTED");
    joinKey = randomId();
    // Nothing was seen of the room yet: what is sent with the join is for whoever is there at that moment.
    const offer = body ? { ...body, seen: "" } : undefined;
    const request = { client, roomId, displayName, inviteToken, resumeToken, joinKey, offer };
    const taken = await takeSeat({ ...request, lobbyKey, isCancelled, onDelay });
    if (isCancelled()) await abandon(taken);
    return taken;
  }

  /** A seat that was taken for a join that was given up meanwhile is nobody's. */
  async function abandon(taken: Seat): Promise<never> {
    await giveBack(taken);
    throw new FermataError("ABORTED");
  }

  function waitForSeat(error: FermataError): void {
    const ms = Math.min(retryAfterMs(error) ?? betweenTriesMs, betweenTriesMs);
    state.update({ nextTryAt: Date.now() + ms });
    // A refusal is told by the status, or leads here again.
    const tryAgain = () => void keepJoining(enter(++life, { isWaiting: true })).catch(() => {});
    tryTimer = setTimeout(tryAgain, ms);
  }

  function begin(taken: Seat, cursor: string, prepared: PreparedOffer | null = null): void {
    seat = taken;
    clock.set(taken.serverTime);
    joinKey = "";
    signaling = client.as(taken.roomToken).trpc.signaling;
    // Before all else: an answer to the offer that went with the join may be under way.
    source.start(cursor);
    stream.endExpecting();
    ice.clear();
    outbox.drop(new FermataError("ABORTED"), ({ kind }) => signalKinds.some((own) => own === kind));
    outbox.open({ underWay: taken.ordersSends ? sendsUnderWay : 1 });
    state.update({ peerId: taken.peerId, signaling: "stream" });
    state.setStatus("joined");
    // Whoever comes later finds the credentials here.
    if (taken.turn) ice.take(taken.turn);
    else void ice.get();
    links.begin(taken, prepared);
    session.save();
  }

  async function leave(): Promise<void> {
    preparation.closeLobby();
    stream.endExpecting();
    // Not begun, nothing to give up; a session of before stays for whoever joins.
    if (state.getSnapshot().status === "idle") return;
    const given = seat;
    end("left");
    if (given) await giveBack(given);
    // A join that is under way gives its seat back itself; the next one waits for that.
  }

  function giveBack({ roomToken }: Seat): Promise<void> {
    return holding(roomId, giveBackSeat(client, { roomId, roomToken }));
  }

  function end(status: RoomStatus, error: FermataError | null = null): void {
    life++;
    joining = null;
    joinKey = "";
    clearTimeout(tryTimer);
    stream.endExpecting();
    source.stop();
    stopWatching();
    session.clear(seat);
    seat = null;
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
    const { code, details } = error;
    if (code === "UNAUTHENTICATED") void resume();
    else if (code === "ROOM_CLOSED") end("closed", error);
    else if (details?.reason === "kicked") end("kicked", error);
    else if (details?.reason === "replaced") end("replaced", error);
    else if (details?.reason === "timeout") end("seat-lost", error);
    else end("left", error);
  }

  function send(kind: string, payload: unknown, { to }: { to?: string } = {}): Promise<void> {
    if (ownKinds.includes(kind)) {
      return Promise.reject(new FermataError("INVALID_INPUT", `"${kind}" is the room's own kind.`));
    }
    const { status, error } = state.getSnapshot();
    if (!seat && !joining && status !== "idle") {
      return Promise.reject(error ?? new FermataError("ROOM_CLOSED", "The room was left."));
    }
    return outbox.push({ to, kind, payload: wrap(payload) });
  }

  async function startAfresh(): Promise<void> {
    const own = life;
    state.emit("missed", { resumedAt: new Date().toISOString() });
    const list = await api()
      .peers.query({ roomId })
      .catch(() => null);
    // Without the list, connections that are no more fail by themselves.
    if (list && own === life) links.reconcile(list.peers);
  }

  function onNetworkChange(): void {
    source.nudge();
    outbox.nudge();
    for (const link of links.all()) link.networkChanged();
  }

  function onWake(): void {
    source.nudge();
    outbox.nudge();
    for (const link of links.all()) link.retry();
  }

  /** Left and kept: the server was told that this page is away. */
  async function onRestored(): Promise<void> {
    await resume();
    // Somebody else needed the seat meanwhile; the invite leads to another, perhaps after a wait.
    if (state.getSnapshot().status === "seat-lost") await join().catch(() => {});
  }

  function onUnload(): void {
    const mayReturn = !options.leaveOnPageHide;
    const { roomToken } = seat ?? {};
    session.save();
    if (seat || joinKey) {
      const going = { roomId, ...(roomToken ? { roomToken } : { joinKey }) };
      void giveBackSeat(client, going, { keepalive: true, mayReturn });
    }
    if (seat && !mayReturn) end("left");
  }

  function api() {
    if (!signaling) throw new FermataError("ABORTED");
    return signaling;
  }

  function showPeers(): void {
    state.update({ peers: links.views() });
  }
}
