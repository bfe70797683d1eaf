import type { Services } from "../context";
import { isDatabaseUnavailable } from "../ground/database-failure";
import { AppError, toAppError } from "../ground/errors";
import type { HostTransaction } from "../ground/transaction";
import { findRule, requireType } from "./require-rule";
import type { ArrivedFile } from "./upload-rule";

/** The rule said no, or failed: the upload is over, and the reason is for whoever uploads. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";

  constructor(readonly reason: AppError) {
    super(reason.message, { cause: reason });
  }
}

/**
 * Runs what the app's rule does with a file that has arrived, in the transaction that makes its row ready.
 * @throws RuleFailure when the upload has failed by it; anything else when nobody can tell yet, such as a database that is away
 */
export async function finishByRule(
  ctx: Pick<Services, "uploads" | "log">,
  tx: HostTransaction,
  granted: { rule: string; input: unknown },
  file: ArrivedFile,
): Promise<void> {
  const rule = findRule(ctx, granted.rule);
  try {
    if (!rule)
      throw new AppError("CONFLICT", { reason: `there is no rule ${granted.rule} any more` });
    requireType(rule, file.contentType);
    await rule.finish({ tx, file, input: granted.input });
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    throw new RuleFailure(reasonOf(ctx, granted.rule, error));
  }
}

/** An Error of the app's own says why, in words for whoever uploads; a database's does not. */
function reasonOf(ctx: Pick<Services, "log">, rule: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  ctx.log.error({ err: error, rule }, "an upload failed by its rule");
  const isOfDatabase = error instanceof Error && "code" in error;
  if (error instanceof Error && !isOfDatabase) {
    return new AppError("CONFLICT", { rule, reason: error.message }, error.message, {
      cause: error,
    });
  }
  return toAppError(error);
}
