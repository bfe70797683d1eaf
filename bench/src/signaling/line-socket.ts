import { connect, type Socket } from "node:net";

/** A connection whose lines are read as they come. The least that a client can do, so that the server is what is measured. */
export function openLines(url: URL, onLine: (line: string) => void): Socket {
  const socket = connect(Number(url.port), url.hostname).setNoDelay().setEncoding("latin1");
  let rest = "";
  socket.on("data", (text: unknown) => {
    const all = rest + String(text);
    let from = 0;
    for (let at = all.indexOf("\n"); at >= 0; at = all.indexOf("\n", from)) {
      onLine(all.charCodeAt(at - 1) === 13 ? all.slice(from, at - 1) : all.slice(from, at));
      from = at + 1;
    }
    rest = all.slice(from);
  });
  return socket;
}

/** Opens a tRPC event stream; resolves when its first event is here, and gives the data of messages. */
export function openEvents(
  url: URL,
  token: string,
  onData: (json: string) => void,
): Promise<{ close(): void }> {
  return new Promise((resolve, reject) => {
    let event = "";
    const socket = openLines(url, (line) => {
      if (line.startsWith("HTTP/1.1 ") && !line.startsWith("HTTP/1.1 200")) reject(new Error(line));
      if (line.startsWith("event: ")) event = line.slice(7);
      if (!line.startsWith("data: ")) return;
      if (event === "connected") resolve({ close: () => socket.destroy() });
      else if (event === "") onData(line.slice(6));
      else if (event !== "ping") reject(new Error(`${event}: ${line}`));
      event = "";
    });
    socket.on("error", reject);
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
  });
}

/** Posts JSON over one connection, one request after the other. */
export function openPoster(url: URL, token: string): { post(json: string): void; close(): void } {
  const queue: string[] = [];
  const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: `;
  let socket: Socket | null = null;
  let isBusy = false;
  let bodyBytes = -1;
  let answer = "";
  const next = () => {
    const json = queue.shift();
    isBusy = json !== undefined;
    if (json === undefined) return;
    socket ??= open();
    socket.write(`${head}${Buffer.byteLength(json)}\r\n\r\n${json}`);
  };
  const open = () => {
    const opened = connect(Number(url.port), url.hostname).setNoDelay().setEncoding("latin1");
    // Servers close what is idle for long.
    opened.on("close", () => {
      if (socket === opened) socket = null;
    });
    return opened.on("data", (text: unknown) => read(String(text)));
  };
  const read = (text: string) => {
    answer += text;
    if (bodyBytes < 0) {
      const end = answer.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!answer.startsWith("HTTP/1.1 200")) throw new Error(answer);
      const [, length] = /content-length: (\d+)/i.exec(answer.slice(0, end)) ?? [];
      if (length) {
        bodyBytes = Number(length);
        answer = answer.slice(end + 4);
      }
    }
    const isWhole = bodyBytes < 0 ? answer.endsWith("\r\n0\r\n\r\n") : answer.length >= bodyBytes;
    if (!isWhole) return;
    answer = "";
    bodyBytes = -1;
    next();
  };
  return {
    post(json) {
      queue.push(json);
      if (!isBusy) next();
    },
    close: () => socket?.destroy(),
  };
}
