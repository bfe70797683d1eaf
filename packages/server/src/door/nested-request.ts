import type { RequestContext } from "../context";
import { Call, type Hosting } from "../hosts/call";

/** A request that a router of the app's answers, as our procedures see it. */
export interface NestedRequest {
  call: Call;
  /** With whoever sends it, who is asked for once, however many procedures a batch has. */
  context(): Promise<RequestContext>;
}

/** For as long as a request lives, what is known of it. */
export function requestsOf(hosting: Hosting): (request: Request) => NestedRequest {
  const known = new WeakMap<Request, NestedRequest>();
  return (request) => {
    const found = known.get(request);
    if (found) return found;
    const opened = openRequest(new Call(hosting, request, {}));
    known.set(request, opened);
    return opened;
  };
}

function openRequest(call: Call): NestedRequest {
  let context: Promise<RequestContext> | undefined;
  const open = async () => call.withRequestId(() => call.identified());
  return {
    call,
    context: () => {
      context ??= open();
      return context;
    },
  };
}
