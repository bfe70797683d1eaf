import type { ReceivedSpan } from "./collector";

const rowPixels = 18;
const namePixels = 400;
const barPixels = 640;
const headPixels = 44;
const colours = ["#0a5442", "#8a5a00", "#36548f", "#7a2e5d"];

/** A trace as a picture: a row for each span, one behind the other as they began, with a colour for each process. */
export function drawTrace(spans: readonly ReceivedSpan[], title: string): string {
  const rows = inOrder(spans);
  const fromMs = Math.min(...spans.map(({ startMs }) => startMs));
  const lastsMs = Math.max(...spans.map(({ endMs }) => endMs)) - fromMs;
  const instances = [...new Set(rows.map(({ span }) => span.instance))];
  const colourOf = (instance: string) => colours[instances.indexOf(instance)] ?? "#555";
  const width = namePixels + barPixels + 90;
  const height = headPixels + rows.length * rowPixels + 10;
  const lines = rows.map(({ span, depth }, row) => {
    const y = headPixels + row * rowPixels;
    const x = namePixels + ((span.startMs - fromMs) / lastsMs) * barPixels;
    const bar = Math.max(2, ((span.endMs - span.startMs) / lastsMs) * barPixels);
    const name = span.name.length > 56 ? `${span.name.slice(0, 55)}…` : span.name;
    return [
      `<text x="${8 + depth * 14}" y="${y + 13}">${escaped(name)}</text>`,
      `<rect x="${x.toFixed(1)}" y="${y + 3}" width="${bar.toFixed(1)}" height="${rowPixels - 6}" rx="2" fill="${colourOf(span.instance)}"/>`,
      `<text x="${(x + bar + 4).toFixed(1)}" y="${y + 13}" fill="#666">${(span.endMs - span.startMs).toFixed(1)} ms</text>`,
    ].join("");
  });
  const legend = instances.map(
    (instance, i) =>
      `<rect x="${namePixels + i * 130}" y="26" width="10" height="10" fill="${colourOf(instance)}"/><text x="${namePixels + 15 + i * 130}" y="35">${escaped(instance)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="8" y="18" font-size="14" font-weight="600">${escaped(title)}</text>`,
    `<text x="8" y="35" fill="#666">${spans.length} spans, ${(lastsMs / 1000).toFixed(2)} s, trace ${spans[0]?.traceId ?? ""}</text>`,
    ...legend,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** Each before what it is made of. */
function inOrder(spans: readonly ReceivedSpan[]): { span: ReceivedSpan; depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | null) =>
    spans
      .filter(({ parentSpanId }) =>
        parent === null ? !parentSpanId || !known.has(parentSpanId) : parentSpanId === parent,
      )
      .sort((a, b) => a.startMs - b.startMs);
  const walk = (parent: string | null, depth: number): { span: ReceivedSpan; depth: number }[] =>
    below(parent).flatMap((span) => [{ span, depth }, ...walk(span.spanId, depth + 1)]);
  return walk(null, 0);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
