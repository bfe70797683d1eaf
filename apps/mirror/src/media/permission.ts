import type { Kind } from "./device-status";

/**
 * Whether a device that stopped was taken away by a change of its permission, and is not just unplugged.
 * @param id the device's, before it stopped @param devices all that the browser lists now
 */
export async function isPermissionGone(
  kind: Kind,
  id: string | null,
  devices: readonly MediaDeviceInfo[],
): Promise<boolean> {
  const state = await permissionState(kind);
  if (state !== "prompt") return state === "denied";
  // Some browsers say "prompt" also of what was granted for this page only: then the device tells. Without the
  // permission it is still listed, or its id is hidden.
  const inputKind = kind === "camera" ? "videoinput" : "audioinput";
  return devices.some(
    (device) => device.kind === inputKind && (device.deviceId === "" || device.deviceId === id),
  );
}

/** Null where the browser does not tell. */
async function permissionState(kind: Kind): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    return null;
  }
}
