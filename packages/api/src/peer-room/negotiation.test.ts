import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Negotiation, type NegotiationOptions } from "./negotiation";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A connection that makes offers when told to, and whatever a negotiation asks of it else. */
class StubConnection extends EventTarget {
  signalingState = "stable";
  connectionState = "connected";
  iceGatheringState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;

  async setLocalDescription({ type = "offer" }: { type?: RTCSdpType } = {}) {
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
    this.localDescription = { type, sdp: "v=0\r\n" };
  }

  close() {}
}

/** A negotiation whose offers go where `send` says. */
async function negotiate(send: () => Promise<void>) {
  const connection = new StubConnection();
  const options: NegotiationOptions = {
    polite: false,
    create: async () => connection as unknown as RTCPeerConnection,
    attach() {},
    detach() {},
    send,
    onTrack() {},
    onState() {},
    onDescribed() {},
    onCandidate() {},
    onRelayError() {},
    onGathering() {},
    onGathered() {},
    onOfferUnsent: vi.fn(),
    onOfferFailed: vi.fn(),
    onUnsent() {},
    onFailure: vi.fn(),
  };
  const negotiation = new Negotiation(options);
  negotiation.open(true);
  await vi.advanceTimersByTimeAsync(0);
  connection.dispatchEvent(new Event("negotiationneeded"));
  return { connection, negotiation, ...options };
}

test("an offer that the server does not take is told of, and goes on to be sent", async () => {
  let take = () => {};
  const { onOfferUnsent, onOfferFailed, connection } = await negotiate(
    () =>
      new Promise((resolve) => {
        take = resolve;
      }),
  );
  await vi.advanceTimersByTimeAsync(7_900);
  expect(onOfferUnsent).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(onOfferUnsent).toHaveBeenCalledOnce();
  // It is not given up, which would only make another one.
  expect(connection.signalingState).toBe("have-local-offer");
  take();
  await vi.advanceTimersByTimeAsync(7_900);
  expect(onOfferFailed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(onOfferFailed).toHaveBeenCalledWith({ reason: "unanswered", detail: null, count: 1 });
  expect(onOfferUnsent).toHaveBeenCalledOnce();
});

test("an offer that is closed meanwhile says nothing", async () => {
  const { negotiation, onOfferUnsent } = await negotiate(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(1_000);
  negotiation.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onOfferUnsent).not.toHaveBeenCalled();
});
