/** What an app gave its server does not fit. The message names the option and says what to do. */
export class FermataOptionError extends Error {
  override readonly name = "FermataOptionError";

  constructor(
    /** As it is written in the options, such as `database.url`. */
    readonly option: string,
    message: string,
  ) {
    super(`createFermataServer: ${option} ${message}`);
  }
}
