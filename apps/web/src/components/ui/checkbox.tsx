import { Check, Minus } from "lucide-react";
import { type ComponentProps, useEffect, useRef } from "react";
import { cn } from "../../lib/cn";

interface CheckboxProps extends Omit<ComponentProps<"input">, "type" | "ref"> {
  /** Names the object, too: `Select hammers.jpg`. */
  label: string;
  /** Some of what it stands for are chosen. */
  mixed?: boolean;
}

export function Checkbox({ label, mixed = false, className, ...props }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  const Mark = mixed ? Minus : Check;
  return (
    <span className={cn("relative grid size-4 flex-none place-items-center", className)}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        // The target is larger than the box.
        className="peer absolute inset-0 m-0 appearance-none rounded-[4px] border border-input bg-card before:absolute before:-inset-[7px] checked:border-primary checked:bg-primary indeterminate:border-primary indeterminate:bg-primary pointer-coarse:before:-inset-3.5"
        {...props}
      />
      <Mark
        aria-hidden="true"
        className="pointer-events-none relative size-3 stroke-[2.5]! text-primary-foreground opacity-0 peer-checked:opacity-100 peer-indeterminate:opacity-100"
      />
    </span>
  );
}
