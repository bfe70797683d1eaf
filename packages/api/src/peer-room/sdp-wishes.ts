/**
 * What a sender begins with, in kilobits a second, where browsers begin with 300 and see how far they come: of that too little
 * is left for the first picture of a camera, which is then dropped, and the next ones are sent small.
 */
const startKbps = 800;

/** Says in a description what this side would like to get, other than what browsers say unless asked. */
export function withWishes(sdp: string): string {
  return beginFaster(preferStereo(sdp));
}

/** Opus in stereo: browsers say mono. */
function preferStereo(sdp: string): string {
  const [, opus] = /^a=rtpmap:(\d+) opus\/48000\/2\r?$/im.exec(sdp) ?? [];
  if (!opus) return sdp;
  return sdp.replace(new RegExp(`^(a=fmtp:${opus} )([^\\r\\n]*)`, "m"), (line, head, parameters) =>
    /(^|;)\s*stereo=/.test(parameters) ? line : `${head}${parameters};stereo=1;sprop-stereo=1`,
  );
}

/** Chromium and Safari heed it; others ignore what they do not know. */
function beginFaster(sdp: string): string {
  const wish = `x-google-start-bitrate=${startKbps}`;
  if (sdp.includes(wish)) return sdp;
  return sdp.replace(
    /^a=rtpmap:(\d+) (?:VP8|VP9|H264|H265|AV1)\/90000\r?\n(?:a=(?:rtcp-fb|fmtp):\1 .*\r?\n)*/gm,
    (lines, type) => {
      const parameters = new RegExp(`^a=fmtp:${type} [^\\r\\n]*`, "m");
      if (parameters.test(lines)) return lines.replace(parameters, (line) => `${line};${wish}`);
      return `${lines}a=fmtp:${type} ${wish}\r\n`;
    },
  );
}
