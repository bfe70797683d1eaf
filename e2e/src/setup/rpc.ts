import { randomUUID } from "node:crypto";
import type { ErrorCode } from "@fermata/contract";
import type { Target } from "./targets";

interface RpcError {
  message: string;
  data: {
    code: string;
    httpStatus: number;
    appCode: ErrorCode;
    details?: unknown;
    requestId: string;
  };
}

/** One answer over the wire, without the client: exactly what any program would see. */
export interface RpcAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the wire has no types, and these tests are about the wire.
  data: any;
  error: RpcError | undefined;
}

/** How a call was refused: its HTTP status and its appCode. */
export function codeOf({ status, error }: RpcAnswer): [number, ErrorCode | undefined] {
  return [status, error?.data.appCode];
}

export type Rpc = ReturnType<typeof rpcFor>;

/** Calls procedures of one server, as one bearer or as nobody. */
export function rpcFor(baseUrl: string, token?: string) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const read = async (response: Response): Promise<RpcAnswer> => {
    const body = await response.json();
    return { status: response.status, data: body.result?.data, error: body.error };
  };
  return {
    token,
    async query(path: string, input?: unknown): Promise<RpcAnswer> {
      const url = new URL(`/api/trpc/${path}`, baseUrl);
      if (input !== undefined) url.searchParams.set("input", JSON.stringify(input));
      return read(await fetch(url, { headers }));
    },
    async mutate(path: string, input: unknown = {}): Promise<RpcAnswer> {
      return read(
        await fetch(new URL(`/api/trpc/${path}`, baseUrl), {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(input),
        }),
      );
    },
  };
}

export async function signIn(target: Target, email: string, password: string): Promise<Rpc> {
  const { data, error } = await rpcFor(target.baseUrl).mutate("auth.createToken", {
    email,
    password,
  });
  if (error) throw new Error(`${email} cannot sign in: ${error.message}`);
  return rpcFor(target.baseUrl, data.token);
}

export function signInAdmin(target: Target): Promise<Rpc> {
  return signIn(target, target.adminEmail, target.adminPassword);
}

/** A fresh member, signed in. */
export async function newMember(
  target: Target,
  admin: Rpc,
): Promise<Rpc & { email: string; userId: string }> {
  const email = `${randomUUID()}@example.com`;
  const password = randomUUID();
  const { data, error } = await admin.mutate("auth.createUser", { email, password });
  if (error) throw new Error(error.message);
  return { ...(await signIn(target, email, password)), email, userId: data.userId };
}
