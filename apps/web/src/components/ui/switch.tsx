import { Switch as Primitive } from "radix-ui";

interface SwitchProps {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

export function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <Primitive.Root
      aria-label={label}
      checked={checked}
      onCheckedChange={onChange}
      className="relative h-[22px] w-[38px] flex-none rounded-full border border-input bg-secondary transition-colors after:absolute after:-inset-x-1 after:-inset-y-2.5 data-[state=checked]:border-primary data-[state=checked]:bg-primary"
    >
      <Primitive.Thumb className="block size-4 translate-x-[2px] rounded-full bg-muted-foreground transition-transform data-[state=checked]:translate-x-[18px] data-[state=checked]:bg-primary-foreground" />
    </Primitive.Root>
  );
}
