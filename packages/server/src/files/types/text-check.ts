import { AppError } from "../../ground/errors";

/** Controls but tab, line feed, form feed and carriage return. */
const control = /(?![\t\n\f\r])\p{Cc}/u;

/** The strict rule for text, which has no signature: UTF-8 without control characters; JSON that parses. */
export class TextCheck {
  readonly #type: string;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #json = "";

  constructor(type: string) {
    this.#type = type;
  }

  add(chunk: Uint8Array): void {
    this.#accept(() => this.#decoder.decode(chunk, { stream: true }));
  }

  /** @throws AppError UNSUPPORTED_MEDIA_TYPE, as `add` does */
  end(): void {
    this.#accept(() => this.#decoder.decode());
    if (this.#type !== "application/json") return;
    try {
      JSON.parse(this.#json);
    } catch {
      throw this.#refusal("not JSON");
    }
  }

  #accept(decode: () => string): void {
    let text: string;
    try {
      text = decode();
    } catch {
      throw this.#refusal("not UTF-8");
    }
    if (control.test(text)) throw this.#refusal("control characters");
    if (this.#type === "application/json") this.#json += text;
  }

  #refusal(reason: string): AppError {
    return new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType: this.#type, reason });
  }
}
