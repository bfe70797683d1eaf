import { auth } from "@fermata/contract";
import { AppError } from "@fermata/server/internal";
import { z } from "zod";

const { email, password, totp } = auth.createToken.input.shape;

type Provider = "never" | "may" | "must";

/** What is answered of next-auth's endpoints: how, and whether the path names a provider. Its log and its pages are closed. */
const actions: Record<string, { methods: string[]; provider: Provider }> = {
  csrf: { methods: ["GET"], provider: "never" },
  providers: { methods: ["GET"], provider: "never" },
  session: { methods: ["GET"], provider: "never" },
  signin: { methods: ["GET", "POST"], provider: "may" },
  signout: { methods: ["GET", "POST"], provider: "never" },
  callback: { methods: ["GET", "POST"], provider: "must" },
  error: { methods: ["GET"], provider: "never" },
};

const token = z.string().max(512);
const flag = z.enum(["true", "false"]);
const field = z.string().max(4096);

const signInForm = z.object({
  csrfToken: token,
  email,
  password,
  // A form without a code sends an empty field.
  totp: totp.or(z.literal("")).optional(),
  callbackUrl: field.optional(),
  redirect: flag.optional(),
  json: flag.optional(),
});
const plainForm = z.object({
  csrfToken: token,
  callbackUrl: field.optional(),
  json: flag.optional(),
});
/** What a provider, or a link of ours, says in an address. */
const query = z.object({
  callbackUrl: field,
  error: z.string().max(200),
  code: field,
  state: field,
  iss: field,
  scope: field,
  authuser: token,
  prompt: token,
  hd: token,
  error_description: field,
});

export interface AuthRequest {
  /** The path below `/api/auth`, in parts. */
  path: string[];
  query: Record<string, string>;
  body: Record<string, string> | undefined;
}

/**
 * A request to `/api/auth`, as far as it is one that is answered.
 * @throws AppError NOT_FOUND, INVALID_INPUT
 */
export async function readAuthRequest(request: Request, origin: string): Promise<AuthRequest> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/auth\/?/, "").split("/");
  if (!isAnswered(request.method, path)) throw new AppError("NOT_FOUND");
  const given = parse(query.partial(), Object.fromEntries(url.searchParams));
  const body =
    request.method === "POST"
      ? parse(path[0] === "callback" ? signInForm : plainForm, await readFields(request))
      : undefined;
  for (const address of [given.callbackUrl, body?.callbackUrl]) requireOwn(address, origin);
  return { path, query: given, body };
}

function isAnswered(method: string, [action = "", provider, ...more]: string[]): boolean {
  const answered = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!answered?.methods.includes(method) || more.length > 0) return false;
  if (method === "POST" && action === "callback" && provider !== "credentials") return false;
  return answered.provider === "may" || (answered.provider === "must") === Boolean(provider);
}

async function readFields(request: Request): Promise<unknown> {
  const text = await request.text();
  if (!request.headers.get("content-type")?.startsWith("application/json")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("INVALID_INPUT", { reason: "This is not JSON." });
  }
}

/** Without the fields that nobody reads. */
function parse<T extends z.ZodType<Record<string, string | undefined>>>(
  schema: T,
  given: unknown,
): Record<string, string> {
  const { data, error } = schema.safeParse(given);
  if (error) {
    const issues = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    throw new AppError("INVALID_INPUT", { issues });
  }
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** @throws AppError INVALID_INPUT for the address of another site */
function requireOwn(address: string | undefined, origin: string): void {
  if (address === undefined) return;
  const url = URL.canParse(address, origin) ? new URL(address, origin) : null;
  if (url?.origin === origin) return;
  const message = "an address of this site";
  throw new AppError("INVALID_INPUT", { issues: [{ path: "callbackUrl", message }] });
}
