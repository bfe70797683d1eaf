import type { ComponentProps } from "react";
import { useId } from "react";
import { cn } from "../../lib/cn";
import { inputClass } from "../ui/text-field";

interface TextAreaProps extends ComponentProps<"textarea"> {
  label: string;
}

export function TextArea({ label, className, ...props }: TextAreaProps) {
  const id = useId();
  return (
    <div className={cn("text-sm", className)}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <textarea
        id={id}
        className={cn(inputClass, "h-auto min-h-20 py-2 leading-[1.5] max-md:h-auto")}
        {...props}
      />
    </div>
  );
}
