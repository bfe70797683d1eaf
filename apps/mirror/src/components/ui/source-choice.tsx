import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { type KeySource, sourceOfValue, sourceToValue } from "../../piano/key-source";
import { Choice } from "./choice";

interface SourceChoiceProps {
  desk: Desk;
  source: KeySource;
  icon: LucideIcon;
  detail: string;
  className?: string;
  children?: ReactNode;
}

/** Which keyboard plays. */
export function SourceChoice({ desk, source, children, ...looks }: SourceChoiceProps) {
  const { inputs } = useStore(desk.midi);
  const options = [
    ...inputs.map(({ id, name }) => ({ value: sourceToValue({ kind: "midi", id }), label: name })),
    { value: "computer", label: "Computer keys" },
    { value: "none", label: "Screen only" },
  ];
  const value = sourceToValue(source);
  return (
    <Choice
      {...looks}
      label="Which keyboard plays"
      title={options.find((option) => option.value === value)?.label ?? "Computer keys"}
      value={value}
      options={options}
      onChange={(next) => desk.source.set(sourceOfValue(next))}
    >
      {children}
    </Choice>
  );
}
