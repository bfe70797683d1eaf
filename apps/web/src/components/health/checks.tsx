import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { Section } from "../ui/section";

interface Check {
  name: string;
  ok: boolean;
  remedy?: string | undefined;
  notice?: string | undefined;
}

/** What readiness looks at, one by one. */
export function Checks({ checks }: { checks: Check[] }) {
  return (
    <Section title="What it stands on">
      <ul>
        {checks.map((check) => (
          <CheckLine key={check.name} {...check} />
        ))}
      </ul>
    </Section>
  );
}

function CheckLine({ name, ok, remedy, notice }: Check) {
  const Icon = ok ? (notice ? TriangleAlert : CircleCheck) : CircleX;
  const colour = ok ? (notice ? "text-warning" : "text-success") : "text-destructive";
  const text = ok ? notice : remedy;
  return (
    <li className="grid grid-cols-[18px_minmax(0,1fr)] gap-3 border-b py-2.5 text-sm">
      <Icon aria-hidden="true" className={`mt-0.5 size-4 ${colour}`} />
      <div className="min-w-0">
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 flex-1 font-medium first-letter:uppercase">{name}</span>
          <span className="text-muted-foreground text-xs">{ok ? "works" : "does not"}</span>
        </div>
        {text && <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">{text}</p>}
      </div>
    </li>
  );
}
