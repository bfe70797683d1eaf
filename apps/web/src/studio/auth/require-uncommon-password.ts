import { AppError } from "@fermata/server/internal";

const longestName = 24;

let common: Promise<ReadonlySet<string>> | undefined;

/** Read when a password is first set: most processes never need it. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"]),
  );
  return common;
}

/**
 * Refuses a password that is among those which are guessed first: a common one, or the account's own address.
 * @param field what the caller calls it, @param called what the message does
 * @throws AppError INVALID_INPUT
 */
export async function requireUncommonPassword(
  password: string,
  {
    email,
    field = "password",
    called = "This",
  }: { email: string; field?: string; called?: string },
): Promise<void> {
  const plain = password.normalize("NFKC").toLowerCase();
  const [localPart = ""] = email.toLowerCase().split("@");
  // A part that is longer than any name is somebody's secret as much as anything.
  const own = [email.toLowerCase(), ...(localPart.length <= longestName ? [localPart] : [])];
  if (!own.includes(plain) && !(await commonPasswords()).has(plain)) return;
  const message = `${called} is among the passwords that are guessed first. A short sentence is better.`;
  throw new AppError("INVALID_INPUT", { issues: [{ path: field, message }] }, message);
}
