import { FermataError, toFermataError } from "../api-error";
import { checkChannel, sizeOf } from "./channel-input";
import { createEmitter, type Emitter } from "./emitter";
import { jsonOf } from "./json-of";
import type { ChannelData, ChannelEvents, ChannelOptions, RoomChannel } from "./types";

interface Attached {
  peerId: string;
  connection: RTCPeerConnection;
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
/** What every browser takes in one message. */
const messageBytes = 64 * 1024;
/** Open ones from one peer: as many as an app has names for, and far fewer than a hostile page can open. */
const mostIncoming = 100;
/** Less than this keeps the line busy and little waiting. */
const lowBytes = 256 * 1024;

/** The data channels of a room: by name, over every connection, opened anew with each. */
export class RoomChannels {
  readonly #entries = new Map<string, Entry>();
  readonly #attached = new Map<RTCPeerConnection, Attached>();
  readonly #held = new WeakSet<RTCPeerConnection>();

  channel(name: string, options: ChannelOptions = {}): RoomChannel {
    const known = this.#entries.get(name);
    if (known) return known.channel;
    checkChannel(name, options);
    const emitter = createEmitter<ChannelEvents>();
    const outgoing = new Map<string, RTCDataChannel>();
    const openPeers = () =>
      [...outgoing].filter(([, { readyState }]) => readyState === "open").map(([peerId]) => peerId);
    const channel: RoomChannel = {
      name,
      openPeers,
      sendJson: (value, options) => channel.send(jsonOf(value) ?? "null", options),
      send(data, { to } = {}) {
        const sizeBytes = sizeOf(data, messageBytes);
        if (sizeBytes > messageBytes) {
          const details = { sizeBytes, limitBytes: messageBytes };
          throw new FermataError("PAYLOAD_TOO_LARGE", undefined, { details });
        }
        let sent = 0;
        for (const peerId of openPeers()) {
          if (to !== undefined && peerId !== to) continue;
          try {
            post(outgoing.get(peerId), data);
            sent++;
          } catch (cause) {
            // One that is full, or closes at this moment, keeps nobody else from getting it.
            const error = new FermataError("CHANNEL_FULL", undefined, { cause });
            emitter.emit("error", { peerId, error });
          }
        }
        return sent;
      },
      async drained({ to } = {}) {
        const channels = [...outgoing].filter(([peerId]) => to === undefined || peerId === to);
        await Promise.all(channels.map(([, dataChannel]) => untilLow(dataChannel)));
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
    for (const attached of this.#attached.values()) this.#open(name, entry, attached);
    return channel;
  }

  attach(connection: RTCPeerConnection, peerId: string): void {
    const attached: Attached = { peerId, connection };
    this.#attached.set(connection, attached);
    this.holdPlace(connection);
    for (const [name, entry] of this.#entries) this.#open(name, entry, attached);
    const open = new Set<RTCDataChannel>();
    connection.addEventListener("datachannel", ({ channel }) => {
      if (open.size >= mostIncoming) return channel.close();
      open.add(channel);
      channel.addEventListener("close", () => open.delete(channel));
      this.#hear(channel, peerId);
    });
  }

  #hear(incoming: RTCDataChannel, from: string): void {
    incoming.binaryType = "arraybuffer";
    incoming.addEventListener("message", ({ data }) => {
      // Whoever asks for the name at that moment: it may be closed here, and asked for again.
      const entry = this.#entries.get(incoming.label);
      entry?.emitter.emit("message", { from, data, json: () => readJson(data) });
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

  /** One that cannot be opened takes neither the connection nor the others with it. */
  #open(name: string, entry: Entry, { connection, peerId }: Attached): void {
    this.#forget(entry, peerId);
    const { ordered = true, maxRetransmits } = entry.options;
    try {
      const outgoing = connection.createDataChannel(name, { ordered, maxRetransmits });
      outgoing.bufferedAmountLowThreshold = lowBytes;
      entry.outgoing.set(peerId, outgoing);
      outgoing.addEventListener("open", () => entry.emitter.emit("open", { peerId }));
      outgoing.addEventListener("close", () => {
        if (entry.outgoing.get(peerId) === outgoing) this.#forget(entry, peerId);
      });
    } catch (error) {
      entry.emitter.emit("error", { peerId, error: toFermataError(error) });
    }
  }

  #forget(entry: Entry, peerId: string): void {
    if (entry.outgoing.delete(peerId)) entry.emitter.emit("close", { peerId });
  }
}

function readJson(data: unknown): unknown {
  try {
    if (typeof data === "string") return JSON.parse(data);
  } catch {
    // Said below.
  }
  throw new FermataError("INVALID_INPUT", "What came over the channel is not JSON.");
}

function untilLow(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    if (channel.readyState !== "open" || channel.bufferedAmount <= lowBytes) return resolve();
    const listening = new AbortController();
    const end = () => {
      listening.abort();
      resolve();
    };
    const { signal } = listening;
    channel.addEventListener("bufferedamountlow", end, { signal });
    channel.addEventListener("close", end, { signal });
  });
}

function post(channel: RTCDataChannel | undefined, data: ChannelData): void {
  if (typeof data === "string") channel?.send(data);
  else if (data instanceof ArrayBuffer) channel?.send(data);
  else channel?.send(data);
}
