import { AppError, type Notifier } from "@fermata/server/internal";

const TIMEOUT_MS = 10_000;

export interface SmtpConfig {
  /** `smtp://user:password@host:587`, or `smtps://` where TLS comes first. */
  url: string;
  from: string;
  to: string[];
}

/** Sends a mail by anybody's SMTP. TLS is used wherever the server offers it. @throws AppError UPSTREAM_UNAVAILABLE */
export function createSmtpNotifier({ url, from, to }: SmtpConfig): Notifier {
  return {
    name: "e-mail",
    async notify({ severity = "info", title, text, url: page }) {
      // Few ever send one: it is read when the first is.
      const { createTransport } = await import("nodemailer");
      const transport = createTransport({
        url,
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
      });
      try {
        await transport.sendMail({
          from,
          to,
          subject: title,
          text: [text, page].filter(Boolean).join("\n\n"),
          priority: severity === "error" ? "high" : "normal",
          // No answer of an absence is wanted.
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (cause) {
        throw new AppError("UPSTREAM_UNAVAILABLE", { service: "e-mail" }, undefined, { cause });
      } finally {
        transport.close();
      }
    },
  };
}
