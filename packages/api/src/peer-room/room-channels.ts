import { createEmitter, type Emitter } from "./emitter";
import type { ChannelData, ChannelEvents, ChannelOptions, RoomChannel } from "./types";

interface Attached {
  peerId: string;
  connection: RTCPeerConnection;
  /** What the other side opened, for names that nobody here asked for yet. */
  unclaimed: Map<string, RTCDataChannel>;
}

interface Entry {
  channel: RoomChannel;
  options: ChannelOptions;
  emitter: Emitter<ChannelEvents>;
  /** What this side sends on, by peer. Each side opens its own, so neither has to wait for the other. */
  outgoing: Map<string, RTCDataChannel>;
}

/** Far from the numbers that browsers give out themselves. */
const controlId = 1000;

/** The data channels of a room: by name, over every connection, opened anew with each. */
export class RoomChannels {
  readonly #entries = new Map<string, Entry>();
  readonly #attached = new Map<RTCPeerConnection, Attached>();
  readonly #held = new WeakSet<RTCPeerConnection>();

  channel(name: string, options: ChannelOptions = {}): RoomChannel {
    const known = this.#entries.get(name);
    if (known) return known.channel;
    const emitter = createEmitter<ChannelEvents>();
    const outgoing = new Map<string, RTCDataChannel>();
    const openPeers = () =>
      [...outgoing].filter(([, { readyState }]) => readyState === "open").map(([peerId]) => peerId);
    const channel: RoomChannel = {
      name,
      openPeers,
      send(data, { to } = {}) {
        const peers = openPeers().filter((peerId) => to === undefined || peerId === to);
        for (const peerId of peers) post(outgoing.get(peerId), data);
        return peers.length;
      },
      bufferedBytes: () =>
        Math.max(0, ...[...outgoing.values()].map(({ bufferedAmount }) => bufferedAmount)),
      on: emitter.on,
      close: () => {
        this.#entries.delete(name);
        for (const dataChannel of outgoing.values()) dataChannel.close();
      },
    };
    const entry: Entry = { channel, options, emitter, outgoing };
    this.#entries.set(name, entry);
    for (const attached of this.#attached.values()) {
      this.#open(name, entry, attached);
      const incoming = attached.unclaimed.get(name);
      if (incoming) listen(entry, attached.peerId, incoming);
    }
    return channel;
  }

  attach(connection: RTCPeerConnection, peerId: string): void {
    const attached: Attached = { peerId, connection, unclaimed: new Map() };
    this.#attached.set(connection, attached);
    this.holdPlace(connection);
    for (const [name, entry] of this.#entries) this.#open(name, entry, attached);
    connection.addEventListener("datachannel", ({ channel: incoming }) => {
      const entry = this.#entries.get(incoming.label);
      incoming.binaryType = "arraybuffer";
      if (entry) listen(entry, peerId, incoming);
      else attached.unclaimed.set(incoming.label, incoming);
    });
  }

  /**
   * A channel that carries nothing. It keeps a place for data in every description: a call without media connects, and
   * channels that come later need no negotiation.
   */
  holdPlace(connection: RTCPeerConnection): void {
    if (this.#held.has(connection)) return;
    this.#held.add(connection);
    connection.createDataChannel("", { negotiated: true, id: controlId });
  }

  detach(connection: RTCPeerConnection): void {
    const attached = this.#attached.get(connection);
    if (!attached) return;
    this.#attached.delete(connection);
    // Closing a connection closes its channels without an event.
    for (const entry of this.#entries.values()) this.#forget(entry, attached.peerId);
  }

  #open(name: string, entry: Entry, { connection, peerId }: Attached): void {
    this.#forget(entry, peerId);
    const { ordered = true, maxRetransmits } = entry.options;
    const outgoing = connection.createDataChannel(name, { ordered, maxRetransmits });
    entry.outgoing.set(peerId, outgoing);
    outgoing.addEventListener("open", () => entry.emitter.emit("open", { peerId }));
    outgoing.addEventListener("close", () => {
      if (entry.outgoing.get(peerId) === outgoing) this.#forget(entry, peerId);
    });
  }

  #forget(entry: Entry, peerId: string): void {
    if (entry.outgoing.delete(peerId)) entry.emitter.emit("close", { peerId });
  }
}

function listen({ emitter }: Entry, from: string, incoming: RTCDataChannel): void {
  incoming.addEventListener("message", ({ data }) => emitter.emit("message", { from, data }));
}

function post(channel: RTCDataChannel | undefined, data: ChannelData): void {
  if (typeof data === "string") channel?.send(data);
  else if (data instanceof ArrayBuffer) channel?.send(data);
  else channel?.send(data);
}
