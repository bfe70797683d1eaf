import { expect, test } from "vitest";
import { preferStereo } from "./prefer-stereo";

const sdp = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

test("asks for stereo in Opus, once, and leaves every other line alone", () => {
  const stereo = preferStereo(sdp);
  expect(stereo).toBe(sdp.replace("useinbandfec=1", "useinbandfec=1;stereo=1;sprop-stereo=1"));
  expect(preferStereo(stereo)).toBe(stereo);
});

test("leaves a description without Opus alone", () => {
  const video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n";
  expect(preferStereo(video)).toBe(video);
});
