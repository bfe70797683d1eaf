/**
 * Music needs what the room gives: everything that browsers do to make speech clear takes the tail off a piano's
 * notes. The encoder's side of it is the room's audio profile.
 */
export function microphoneConstraints(
  music: boolean,
  deviceId: string | null,
): MediaTrackConstraints {
  return {
    ...(deviceId && { deviceId: { ideal: deviceId } }),
    echoCancellation: !music,
    noiseSuppression: !music,
    autoGainControl: !music,
    channelCount: { ideal: music ? 2 : 1 },
    sampleRate: { ideal: 48_000 },
  };
}

export function cameraConstraints(deviceId: string | null): MediaTrackConstraints {
  return {
    ...(deviceId ? { deviceId: { ideal: deviceId } } : { facingMode: { ideal: "environment" } }),
    width: { ideal: 1920 },
    height: { ideal: 1080 },
    frameRate: { ideal: 30 },
  };
}
