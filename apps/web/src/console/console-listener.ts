import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operator } from "@fermata/server";
import { getRequestListener } from "@hono/node-server";
import { type Guard, isTurnedAway } from "./guard";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** All of a console: who is let in is answered by the app's operator below `basePath`, and elsewhere by the pages. */
export function consoleListener(
  guard: Guard,
  answers: { handle: ReturnType<Operator["handlerFor"]>; pages: Listener },
): (request: IncomingMessage, response: ServerResponse) => void {
  const api = getRequestListener((request) =>
    answers.handle(request, { remoteAddress: "127.0.0.1" }),
  );
  return (request, response) => {
    if (isTurnedAway(guard, request, response)) return;
    const isApi = request.url?.startsWith(`${guard.basePath}/`) ?? false;
    void (isApi ? api(request, response) : answers.pages(request, response));
  };
}
