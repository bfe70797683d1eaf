import type { DiskObjectStore } from "../adapters/object-store/disk";
import type { Services } from "../context";
import { receiveFile, serveFile } from "../files/http";
import { AppError } from "../ground/errors";
import { type HttpAnswer, httpRequest } from "./http-request";
import { serveFetch } from "./serve-fetch";
import { requestContext } from "./test-context";

export interface ByteServer {
  /** Sends a request to a URL that a procedure gave, at the address where the test's server really listens. */
  request(url: string, options?: Parameters<typeof httpRequest>[1]): Promise<HttpAnswer>;
  /** The URL as this server has it. */
  at(url: string): string;
  close(): Promise<void>;
}

/** The routes for bytes as the app mounts them, over real HTTP. */
export async function serveBytesOf(services: Services): Promise<ByteServer> {
  const server = await serveFetch(async (request) => {
    const { pathname } = new URL(request.url);
    const bearer = request.headers.get("authorization")?.replace("Bearer ", "") ?? null;
    const [, , area, first = "", second = ""] = pathname.split("/");
    const ctx = await requestContext(services, bearer);
    if (area === "files" && first === "upload") return receiveFile(ctx, request, second);
    if (area === "files") return serveFile(ctx, request, first);
    if (area === "objects")
      return (services.objects as DiskObjectStore).handle(request, ctx.requestId, ctx.origin);
    throw new AppError("NOT_FOUND");
  });
  const at = (url: string) => {
    const { pathname, search } = new URL(url);
    return server.origin + pathname + search;
  };
  return {
    at,
    request: (url, options) => httpRequest(at(url), options),
    close: server.close,
  };
}
