import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let server: Server;
let url: string;
/** What came to the upload's address. */
let received: { type: string | undefined; bytes: string }[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const json = (answer: unknown) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    };
    if (request.url === "/upload") {
      received.push({ type: request.headers["content-type"], bytes: body });
      json({ storageId: "stored" });
    } else if (request.url?.includes("generateUploadUrl")) {
      const grant = { url: `${url}/upload`, maxBytes: 100, expiresAt: "2100-01-01T00:00:00.000Z" };
      json({ result: { data: { ...grant, storageId: "stored" } } });
    } else {
      json([{ result: { data: "https://example.com/file" } }]);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  received = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As React Native has it: made of other blobs and text, told its size, cut, and read by what sends it alone. */
function nativeBlob() {
  return class NativeBlob {
    readonly size: number;
    readonly type: string;
    readonly name = "note.txt";
    readonly #text: string;

    constructor(parts: string[] = [], { type = "" } = {}) {
      this.#text = parts.join("");
      this.size = this.#text.length;
      this.type = type;
    }

    slice(start: number, end: number) {
      return new NativeBlob([this.#text.slice(start, end)], { type: this.type });
    }

    /** Not there for apps: it stands for what the platform does beneath. */
    nativeText() {
      return this.#text;
    }
  };
}

/** What React Native's engine and its polyfills have, and nothing of a browser's besides. */
function reactNative() {
  const Blob = nativeBlob();
  class NativeSignal {
    aborted = false;
    readonly #listeners = new Set<() => void>();
    addEventListener = (_: string, listener: () => void) => this.#listeners.add(listener);
    removeEventListener = (_: string, listener: () => void) => this.#listeners.delete(listener);
    abort() {
      this.aborted = true;
      for (const listener of this.#listeners) listener();
    }
  }
  class NativeController {
    readonly signal = new NativeSignal();
    abort = () => this.signal.abort();
  }
  const asNode = (signal?: NativeSignal) => {
    const controller = new AbortController();
    signal?.addEventListener("abort", () => controller.abort());
    return controller.signal;
  };
  class NativeRequest {
    status = 0;
    responseText = "";
    readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
    onload?: () => void;
    onerror?: () => void;
    onloadend?: () => void;
    readonly #headers: Record<string, string> = {};
    #method = "";
    #url = "";
    open(method: string, address: string) {
      this.#method = method;
      this.#url = address;
    }
    setRequestHeader(name: string, value: string) {
      this.#headers[name] = value;
    }
    getResponseHeader = () => null;
    abort() {}
    send(body: { nativeText(): string }) {
      fetch(this.#url, { method: this.#method, headers: this.#headers, body: body.nativeText() })
        .then(async (response) => {
          this.status = response.status;
          this.responseText = await response.text();
          this.onload?.();
        }, this.onerror)
        .finally(this.onloadend);
    }
  }
  return {
    console,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    queueMicrotask,
    performance: { now: () => performance.now() },
    URL: Object.assign(function (
      this: { href: string; pathname: string; searchParams: URLSearchParams },
      address: string,
    ) {
      const parsed = new URL(address);
      return Object.assign(this, {
        href: parsed.href,
        pathname: parsed.pathname,
        origin: parsed.origin,
        protocol: parsed.protocol,
        searchParams: parsed.searchParams,
      });
    }, {}),
    URLSearchParams,
    FormData,
    Blob,
    Headers,
    Request,
    Response,
    AbortController: NativeController,
    AbortSignal: NativeSignal,
    XMLHttpRequest: NativeRequest,
    fetch: (input: string, init: RequestInit & { signal?: NativeSignal } = {}) =>
      fetch(input, {
        ...init,
        credentials: undefined,
        signal: asNode(init.signal as never),
      } as never),
    TextEncoder,
    btoa,
    navigator: { product: "ReactNative" },
  };
}

async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: source("."), loader: "ts" },
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

describe("with React Native's globals alone", () => {
  let globals: ReturnType<typeof reactNative> & { done?: Promise<unknown> };

  const run = async (code: string) => {
    globals = reactNative();
    const context = createContext(globals);
    runInContext(await bundle(code), context);
    return globals.done;
  };

  test("a typed query is asked, by either door", async () => {
    for (const door of ["index", "core"]) {
      const answer = await run(`
        import { createFermata } from ${JSON.stringify(source(`${door}.ts`))};
        const fermata = createFermata({ url: ${JSON.stringify(url)}, token: "t" });
        globalThis.done = fermata.trpc.files.getUrl.query({ storageId: "a" });`);
      expect(answer).toBe("https://example.com/file");
    }
  });

  test("a file is sent, and a failure is a typed error", async () => {
    const answer = await run(`
      import { createFermata, toFermataError } from ${JSON.stringify(source("index.ts"))};
      const fermata = createFermata({ url: ${JSON.stringify(url)}, token: "t", retry: { maxTries: 1 } });
      const away = createFermata({ url: "http://127.0.0.1:9", retry: { maxTries: 1 } });
      globalThis.done = (async () => {
        const { storageId } = await fermata.files.upload(new Blob(["Da capo"], { type: "text/plain" }));
        const error = await away.files.upload(new Blob(["x"])).catch(toFermataError);
        return [storageId, error.code];
      })();`);
    expect(answer).toEqual(["stored", "NETWORK"]);
    expect(received).toEqual([{ type: "text/plain", bytes: "Da capo" }]);
  });

  test("rooms load, and say what they need", async () => {
    const answer = await run(`
      import { createFermata, createPeerRoom } from ${JSON.stringify(source("index.ts"))};
      const client = createFermata({ url: ${JSON.stringify(url)} });
      const made = (rtc) => {
        try { return createPeerRoom({ client, roomId: "r", displayName: "Ines", rtc }).getSnapshot().status; }
        catch (error) { return error.message; }
      };
      const rtc = { RTCPeerConnection: class {}, MediaStream: class {} };
      const answers = [made(), made(rtc)];
      globalThis.crypto = { getRandomValues: (bytes) => bytes };
      globalThis.done = [...answers, made(rtc)];`);
    expect(answer).toEqual([
      "There is no WebRTC here, and `rtc` gives none.",
      expect.stringContaining("No crypto.getRandomValues here"),
      "idle",
    ]);
  });
});

test.each(["EventTarget", "Event", "MessageEvent", "WebAssembly", "crypto", "DOMException"])(
  "loads where there is no %s",
  async (missing) => {
    const globals = {
      ...reactNative(),
      EventTarget,
      Event,
      MessageEvent,
      WebAssembly,
      crypto,
      DOMException,
    };
    delete (globals as Record<string, unknown>)[missing];
    const code = `import { createFermata } from ${JSON.stringify(source("index.ts"))}; globalThis.made = createFermata({ url: "https://example.com" });`;
    const context = createContext(globals);
    runInContext(await bundle(code), context);
    expect(globals).toHaveProperty("made.baseUrl", "https://example.com/api");
  },
);
