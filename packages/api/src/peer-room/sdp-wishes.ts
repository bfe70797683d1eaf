/** Says in a description that this side would like to hear Opus in stereo; browsers say mono unless asked. */
export function preferStereo(sdp: string): string {
  const [, opus] = /^a=rtpmap:(\d+) opus\/48000\/2\r?$/im.exec(sdp) ?? [];
  if (!opus) return sdp;
  return sdp.replace(new RegExp(`^(a=fmtp:${opus} )([^\\r\\n]*)`, "m"), (line, head, parameters) =>
    /(^|;)\s*stereo=/.test(parameters) ? line : `${head}${parameters};stereo=1;sprop-stereo=1`,
  );
}
