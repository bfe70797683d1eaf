import { ChevronDown, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface ChoiceProps {
  icon: LucideIcon;
  /** What is chosen here: "My sound". */
  label: string;
  title: string;
  detail?: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
  className?: string;
  /** Stands where the arrow would, when there is nothing to choose. */
  children?: ReactNode;
}

/** One of several, as two lines of text over the system's own list: it opens well on every device. */
export function Choice(props: ChoiceProps) {
  const { icon: Icon, label, title, detail, value, options, onChange, className = "" } = props;
  const canChoose = options.length > 1;
  return (
    <div className={`choice ${className}`} data-choosable={canChoose || undefined}>
      <Icon className="icon" aria-hidden="true" />
      <span className="choice-text">
        <span className="choice-title">{title}</span>
        {detail && <span className="choice-detail">{detail}</span>}
      </span>
      {props.children}
      {canChoose && (
        <>
          <ChevronDown className="icon choice-arrow" aria-hidden="true" />
          <select
            className="choice-select"
            aria-label={label}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </>
      )}
    </div>
  );
}
