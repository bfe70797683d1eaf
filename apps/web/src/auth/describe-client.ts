/** The first group is the version. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
  [/\bSafari\//, "Safari"],
  [/\bcurl\/(\d+)/, "curl"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bMac OS X\b/, "macOS"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** A name for a sign-in that its owner recognises in a list: "Firefox 128 on macOS". */
export function describeClient(userAgent: string | null): string {
  const text = userAgent ?? "";
  const [pattern, product] = browsers.find(([known]) => known.test(text)) ?? [];
  const version = pattern?.exec(text)?.[1];
  const browser = product ? [product, version].filter(Boolean).join(" ") : "A browser";
  const system = systems.find(([known]) => known.test(text))?.[1];
  return system ? `${browser} on ${system}` : browser;
}
