// Loaded into a server before anything else: its clock is ahead by so much.
const aheadMs = Number(new URL(import.meta.url).searchParams.get("ms"));
const RealDate = Date;
globalThis.Date = class DateAhead extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + aheadMs);
    else super(...args);
  }
  static now() {
    return RealDate.now() + aheadMs;
  }
};
