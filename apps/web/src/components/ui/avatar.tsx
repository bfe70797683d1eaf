import { cn } from "../../lib/cn";
import { initials } from "../../lib/initials";

interface AvatarProps {
  name: string;
  url?: string | null;
  className?: string;
}

/** A round picture, or two letters. The name stands beside it, so it is decoration. */
export function Avatar({ name, url, className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "grid size-[26px] flex-none place-items-center overflow-hidden rounded-full border border-border-strong bg-secondary font-[550] text-[10.5px] text-secondary-foreground leading-none tracking-[0.02em]",
        className,
      )}
    >
      {url ? (
        // biome-ignore lint/performance/noImgElement: a signed address, and small already.
        <img src={url} alt="" className="size-full object-cover" />
      ) : (
        initials(name)
      )}
    </span>
  );
}

/** Several people in a row, the last one a count. */
export function AvatarRow({ names, most = 4 }: { names: string[]; most?: number }) {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const rest = names.length - shown.length;
  const small =
    "size-[22px] text-[9px] tracking-normal ring-[1.5px] ring-background -ml-[3px] first:ml-0";
  return (
    <span className="flex" title={names.join(", ")}>
      {shown.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two guests may share a name.
        <Avatar key={index} name={name} className={small} />
      ))}
      {rest > 0 && (
        <span
          aria-hidden="true"
          className={cn(
            "grid place-items-center rounded-full border border-border-strong bg-secondary font-[550]",
            small,
          )}
        >
          +{rest}
        </span>
      )}
      <span className="sr-only">{names.join(", ")}</span>
    </span>
  );
}
