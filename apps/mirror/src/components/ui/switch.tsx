import type { ReactNode } from "react";

interface SwitchProps {
  /** What it turns, with its object: "Mirror Ines's picture". */
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
  className?: string;
  /** What stands before the knob. */
  children?: ReactNode;
}

/** A switch whose whole face can be pressed. */
export function Switch({ label, checked, onChange, className = "", children }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      className={`switch ${className}`}
      onClick={() => onChange(!checked)}
    >
      {children}
      <span className="switch-track" aria-hidden="true">
        <span className="switch-knob" />
      </span>
    </button>
  );
}
