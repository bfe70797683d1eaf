import type { auth } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../context";
import { createSession } from "./create-session";
import { verifyCredentials } from "./verify-credentials";

export async function createToken(
  ctx: RequestContext,
  input: z.output<typeof auth.createToken.input>,
): Promise<z.input<typeof auth.createToken.output>> {
  const { userId } = await verifyCredentials(ctx, input);
  const { token, expiresAt } = await createSession(ctx, {
    userId,
    kind: "token",
    name: input.name ?? "API token",
  });
  return { token, expiresAt: expiresAt.toISOString() };
}
