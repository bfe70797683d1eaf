import { expect, test } from "vitest";
import { withWishes } from "./sdp-wishes";

const sdp = (...lines: string[]) => [...lines, ""].join("\r\n");

test("asks for stereo in Opus, once, and leaves every other line alone", () => {
  const mono = sdp(
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:0 PCMU/8000",
  );
  const stereo = withWishes(mono);
  expect(stereo).toBe(mono.replace("useinbandfec=1", "useinbandfec=1;stereo=1;sprop-stereo=1"));
  expect(withWishes(stereo)).toBe(stereo);
});

test("asks for a picture that begins well, of each codec that has pictures, once", () => {
  const slow = sdp(
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:103 H264/90000",
    "a=rtcp-fb:103 nack",
    "a=fmtp:103 packetization-mode=1;profile-level-id=42001f",
    "a=rtpmap:104 red/90000",
  );
  const quick = withWishes(slow);
  expect(quick).toBe(
    sdp(
      "m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104",
      "a=rtpmap:96 VP8/90000",
      "a=rtcp-fb:96 nack pli",
      "a=fmtp:96 x-google-start-bitrate=800",
      "a=rtpmap:97 rtx/90000",
      "a=fmtp:97 apt=96",
      "a=rtpmap:103 H264/90000",
      "a=rtcp-fb:103 nack",
      "a=fmtp:103 packetization-mode=1;profile-level-id=42001f;x-google-start-bitrate=800",
      "a=rtpmap:104 red/90000",
    ),
  );
  expect(withWishes(quick)).toBe(quick);
});

test("leaves a description without either alone", () => {
  const data = sdp("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000");
  expect(withWishes(data)).toBe(data);
});
