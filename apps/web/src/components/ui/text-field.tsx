import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { cn } from "../../lib/cn";

export const inputClass =
  "h-10 w-full min-w-0 rounded-md border border-input bg-card px-2.5 text-base outline-offset-0 max-md:h-11 max-md:text-lg disabled:opacity-55 aria-invalid:border-destructive";

interface TextFieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: ReactNode;
  /** Stands beside what it is about, and is read out when it comes. */
  error?: string | null;
  /** A control at the end of the field. */
  end?: ReactNode;
}

export function TextField({ label, hint, error, end, className, ...props }: TextFieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn("text-sm", className)}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={cn(inputClass, end && "pr-11")}
          {...props}
        />
        {end && <div className="absolute inset-y-0 right-1.5 flex items-center">{end}</div>}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          role={error ? "alert" : undefined}
          className={cn("mt-1.5 text-xs", error ? "text-destructive" : "text-muted-foreground")}
        >
          {note}
        </p>
      )}
    </div>
  );
}
