/** What happened in a page, first times only: milliseconds since the epoch, by name. */
const marks = new Map<string, number>();

export function mark(name: string): void {
  if (!marks.has(name)) marks.set(name, performance.timeOrigin + performance.now());
}

export function readMarks(): Record<string, number> {
  return Object.fromEntries(marks);
}

/** Watches what both clients use: requests, sockets and connections. Call it before either is used. */
export function watchPage(onConnection: (connection: RTCPeerConnection) => void): void {
  watchRequests();
  watchSockets();
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      mark("connection made");
      onConnection(this);
      this.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate?.candidate) mark("first candidate");
      });
      this.addEventListener("icecandidateerror", ({ errorCode, errorText }) =>
        mark(`candidate error ${errorCode} ${errorText}`),
      );
      this.addEventListener("connectionstatechange", () => mark(`state ${this.connectionState}`));
      this.addEventListener("iceconnectionstatechange", () =>
        mark(`ice ${this.iceConnectionState}`),
      );
      this.addEventListener("track", () => mark("track"));
    }

    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit) {
      mark(`local description ${this.signalingState === "stable" ? "offer" : "answer"}`);
      await super.setLocalDescription(description);
      mark(`${this.localDescription?.type} made`);
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit) {
      mark(`${description.type} received`);
      await super.setRemoteDescription(description);
      mark(`${description.type} applied`);
    }
  };
}

function watchRequests(): void {
  const native = window.fetch;
  window.fetch = async (input, init) => {
    const name = /trpc\/signaling\.(\w+)/.exec(String(input))?.[1] ?? String(input);
    mark(`${name} asked`);
    const response = await native(input, init);
    mark(`${name} answered`);
    return response;
  };
}

function watchSockets(): void {
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      mark("socket asked");
      this.addEventListener("open", () => mark("socket open"));
      this.addEventListener("message", ({ data }) => mark(`socket got ${kindOf(data)}`));
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      mark(`socket sent ${kindOf(data)}`);
      super.send(data);
    }
  };
}

function kindOf(data: unknown): string {
  return /"type":"(\w+)"/.exec(String(data))?.[1] ?? "?";
}
