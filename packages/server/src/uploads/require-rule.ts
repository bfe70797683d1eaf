import type { UserContext } from "../context";
import { Prisma } from "../generated/prisma/client";
import { AppError } from "../ground/errors";
import type { AnnouncedFile, UploadRule } from "./upload-rule";

type InputJson = Prisma.InputJsonValue | null;

/** What a grant keeps of its rule until the bytes are here. */
export interface GrantRule {
  rule: string;
  /** As parsed; null where the rule takes none. */
  ruleInput: InputJson;
  maxBytes: number | null;
}

/**
 * Asks the app's rule whether this may be uploaded.
 * @throws AppError INVALID_INPUT for a name that no rule has or an input that does not fit, UNSUPPORTED_MEDIA_TYPE,
 * PAYLOAD_TOO_LARGE, FORBIDDEN; whatever AppError the rule itself throws
 */
export async function requireRule(
  ctx: UserContext,
  asked: { kind: UploadRule["kind"]; as: string; input: unknown },
  file: AnnouncedFile,
): Promise<GrantRule> {
  const rule = findRule(ctx, asked.as);
  if (rule?.kind !== asked.kind) {
    throw invalid([{ path: "as", message: `no rule for a ${asked.kind} has this name` }]);
  }
  let input: InputJson = null;
  if (rule.input) {
    const parsed = rule.input.safeParse(asked.input);
    if (!parsed.success) {
      throw invalid(
        parsed.error.issues.map(({ path, message }) => ({
          path: ["input", ...path].join("."),
          message,
        })),
      );
    }
    // It is kept until the bytes are here: what JSON cannot say does not arrive.
    input = parsed.data as InputJson;
  }
  if (file.contentType) requireType(rule, file.contentType);
  if (rule.maxBytes !== null && file.sizeBytes !== null && file.sizeBytes > rule.maxBytes) {
    throw new AppError("PAYLOAD_TOO_LARGE", {
      sizeBytes: file.sizeBytes,
      limitBytes: rule.maxBytes,
    });
  }
  const { userId, name, tenantId, role } = ctx.identity;
  const who = { userId, name, tenantId, isAdmin: role === "admin" };
  if (!(await rule.isAllowed({ who, input, file }))) throw new AppError("FORBIDDEN");
  return { rule: asked.as, ruleInput: input, maxBytes: rule.maxBytes };
}

/** How a row keeps its rule. */
export function ruleColumns(rule: GrantRule | null) {
  return rule ? { rule: rule.rule, ruleInput: rule.ruleInput ?? Prisma.DbNull } : {};
}

/** @throws AppError UNSUPPORTED_MEDIA_TYPE for a type that the rule does not name */
export function requireType({ types }: Pick<UploadRule, "types">, contentType: string): void {
  const accepts = (type: string) =>
    type.endsWith("/*") ? contentType.startsWith(type.slice(0, -1)) : contentType === type;
  if (types === null || types.some(accepts)) return;
  throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType, accepted: [...types] });
}

/** A name that every object has is no rule. */
export function findRule({ uploads }: Pick<UserContext, "uploads">, name: string) {
  return Object.hasOwn(uploads, name) ? uploads[name] : undefined;
}

function invalid(issues: { path: string; message: string }[]): AppError {
  return new AppError("INVALID_INPUT", { issues });
}
