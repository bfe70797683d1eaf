const entries = [
  ["bg-secondary", "No runs"],
  ["bg-chart-1", "Ok, darker for more"],
  ["bg-destructive", "One failed"],
  ["bg-border-strong", "Only skipped"],
] as const;

export function HeatLegend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-2xs text-muted-foreground">
      {entries.map(([fill, text]) => (
        <li key={text} className="inline-flex items-center gap-1.5">
          <i aria-hidden="true" className={`size-2.5 rounded-[2px] ${fill}`} />
          {text}
        </li>
      ))}
    </ul>
  );
}
