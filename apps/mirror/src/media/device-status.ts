export type Kind = "camera" | "microphone";

export type DeviceStatus =
  | "asking"
  | "on"
  /** There, and turned off here. */
  | "off"
  | "denied"
  | "missing"
  /** Another program has it. */
  | "busy"
  /** Browsers give devices to pages on HTTPS or localhost only. */
  | "unsupported";

/** Why there is nothing of a device. */
export type Absence = Exclude<DeviceStatus, "on">;

/** Whether somebody wants it on: the next press turns it off, or ends the asking. */
export function isWantedOn(status: DeviceStatus): boolean {
  return status === "on" || status === "asking";
}

/** What a failed `getUserMedia` means. */
export function statusOfError(error: unknown): Absence {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return name === "TypeError" ? "unsupported" : "busy";
}

interface StatusWords {
  title: string;
  detail: string;
}

type Words = Record<Absence, StatusWords>;

/** What there is instead of a picture, and what works all the same. */
export const cameraWords: Words = {
  asking: { title: "Camera", detail: "Waiting for your permission" },
  off: { title: "Camera off", detail: "The drawn keys show what you play" },
  denied: {
    title: "No permission for the camera",
    detail: "The drawn keys show what you play. Allow it in the address bar.",
  },
  missing: { title: "No camera found", detail: "The drawn keys show what you play" },
  busy: { title: "Another program has the camera", detail: "Close it there, then try again" },
  unsupported: { title: "No camera on this page", detail: "Browsers give it to HTTPS pages only" },
};

export const microphoneWords: Words = {
  asking: { title: "Microphone", detail: "Waiting for your permission" },
  off: { title: "Microphone off", detail: "Your keys still sound on the other side" },
  denied: {
    title: "No permission for the microphone",
    detail: "Your keys still sound. Allow it in the address bar.",
  },
  missing: { title: "No microphone found", detail: "Your keys still sound on the other side" },
  busy: { title: "Another program has the microphone", detail: "Close it there, then try again" },
  unsupported: {
    title: "No microphone on this page",
    detail: "Browsers give it to HTTPS pages only",
  },
};

export function deviceWords(kind: Kind, status: Absence): StatusWords {
  return (kind === "camera" ? cameraWords : microphoneWords)[status];
}
