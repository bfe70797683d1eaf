/** What Fermata wishes for in a description as well: with less the first pictures are dropped. */
function withBeginning({ sdp = "" }: RTCSessionDescriptionInit): string {
  return sdp.replace(
    /^a=rtpmap:(\d+) VP8\/90000\r\n/gm,
    (line, type) => `${line}a=fmtp:${type} x-google-start-bitrate=800\r\n`,
  );
}

/**
 * What a call takes when everything but the browser's own work costs nothing: both ends in one page, the caller's paths found
 * and its offer made before the click, descriptions handed over within the page.
 * @returns the call, which gives the other side's stream
 */
export async function prepareFloor(
  camera: MediaStream,
  policy: RTCIceTransportPolicy,
  iceServers: RTCIceServer[],
): Promise<() => Promise<MediaStream>> {
  const configuration: RTCConfiguration = {
    bundlePolicy: "max-bundle",
    iceTransportPolicy: policy,
    iceServers,
  };
  const caller = new RTCPeerConnection(configuration);
  const callee = new RTCPeerConnection({ ...configuration, iceCandidatePoolSize: 1 });
  for (const track of camera.getTracks()) {
    caller.addTrack(track, camera);
    callee.addTrack(track, camera);
  }
  await caller.setLocalDescription();
  await new Promise<void>((resolve) => {
    const look = () => caller.iceGatheringState === "complete" && resolve();
    caller.addEventListener("icegatheringstatechange", look);
    look();
  });
  return async () => {
    const shown = new Promise<MediaStream>((resolve) =>
      caller.addEventListener("track", ({ streams: [stream] }) => stream && resolve(stream)),
    );
    const early: RTCIceCandidate[] = [];
    callee.addEventListener("icecandidate", ({ candidate }) => {
      if (!candidate) return;
      if (caller.remoteDescription) void caller.addIceCandidate(candidate);
      else early.push(candidate);
    });
    await callee.setRemoteDescription({
      type: "offer",
      sdp: withBeginning(caller.localDescription ?? { type: "offer" }),
    });
    const answer = await callee.createAnswer();
    const described = caller.setRemoteDescription(answer);
    // As Fermata does it: an answer that is final at once throws away the paths that were looked for ahead.
    await callee.setLocalDescription({ type: "pranswer", sdp: answer.sdp ?? "" });
    await callee.setLocalDescription(answer);
    await described;
    for (const candidate of early) await caller.addIceCandidate(candidate);
    return shown;
  };
}
