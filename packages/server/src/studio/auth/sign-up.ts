import type { auth } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { readSignUpPolicy } from "../settings/sign-up-policy";
import { createUser } from "./create-user";

export async function signUp(
  ctx: RequestContext,
  input: z.output<typeof auth.signUp.input>,
): Promise<z.input<typeof auth.signUp.output>> {
  if ((await readSignUpPolicy(ctx)) !== "open") {
    throw new AppError(
      "FORBIDDEN",
      undefined,
      "Accounts are by invitation here. Ask an admin for one.",
    );
  }
  const { userId } = await createUser(ctx, { ...input, role: "member" });
  return { userId };
}
