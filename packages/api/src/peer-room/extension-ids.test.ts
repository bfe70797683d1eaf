import { expect, test } from "vitest";
import { withoutClashingExtensions } from "./extension-ids";

const timing = "http://www.webrtc.org/experiments/rtp-hdrext/video-timing";
const congestion = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const level = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const sdp = (...lines: string[]) => ["v=0", ...lines, ""].join("\r\n");
const known = (...lines: string[]) =>
  ({ type: "offer", sdp: sdp(...lines) }) as RTCSessionDescription;

test("an extension under a number that means another one is left out, and nothing else", () => {
  const offer = sdp(
    "m=audio 9 UDP/TLS/RTP/SAVPF 109",
    `a=extmap:1 ${level}`,
    `a=extmap:7/sendrecv ${congestion}`,
    `a=extmap:9 ${congestion}`,
    "a=mid:1",
  );
  const agreed = known("m=video 9 UDP/TLS/RTP/SAVPF 120", `a=extmap:7 ${timing}`, "a=mid:2");
  expect(withoutClashingExtensions(offer, [agreed, known(`a=extmap:1 ${level}`)])).toBe(
    sdp(
      "m=audio 9 UDP/TLS/RTP/SAVPF 109",
      `a=extmap:1 ${level}`,
      `a=extmap:9 ${congestion}`,
      "a=mid:1",
    ),
  );
  expect(withoutClashingExtensions(offer, [null, null])).toBe(offer);
});
