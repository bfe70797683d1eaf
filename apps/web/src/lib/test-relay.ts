import type { IceServer } from "@fermata/contract";

export type RelayTest =
  | { outcome: "relay" | "stun"; tookMs: number; address: string }
  | { outcome: "silent"; wanted: "relay" | "stun" };

/** How long browsers need at most to hear from a server that is there. */
const timeoutMs = 8_000;

/** Asks the browser to gather candidates from these servers: from a TURN server a relay, from STUN alone its own address. */
export async function testRelay(iceServers: IceServer[]): Promise<RelayTest> {
  const relays = iceServers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));
  const wanted = relays ? "relay" : "stun";
  const connection = new RTCPeerConnection({
    iceServers,
    iceTransportPolicy: relays ? "relay" : "all",
  });
  const startedAt = performance.now();
  try {
    const found = new Promise<RelayTest>((resolve) => {
      const type = relays ? "relay" : "srflx";
      connection.onicecandidate = ({ candidate }) => {
        // A null candidate ends the gathering.
        if (!candidate) resolve({ outcome: "silent", wanted });
        else if (candidate.type === type) {
          const tookMs = performance.now() - startedAt;
          resolve({ outcome: wanted, tookMs, address: candidate.address ?? "" });
        }
      };
      setTimeout(() => resolve({ outcome: "silent", wanted }), timeoutMs);
    });
    // Something to negotiate: without it nothing is gathered.
    connection.createDataChannel("test");
    await connection.setLocalDescription();
    return await found;
  } finally {
    connection.close();
  }
}
