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
        // biome-ignore lint/performance/noImgElement: a signed address, and a copy that is small already.
        <img
          src={smallCopy(url)}
          alt=""
          className="size-full object-cover"
          onError={({ currentTarget }) => {
            // Of a picture that cannot be decoded here there is no copy; the browser may know it.
            if (currentTarget.src !== url) currentTarget.src = url;
          }}
        />
      ) : (
        initials(name)
      )}
    </span>
  );
}

/** Sharp at twice the pixels of the largest place that shows one. */
const widthPx = 128;

function smallCopy(url: string): string {
  // A picture that was chosen a moment ago is shown from this page's own memory, whole.
  if (url.startsWith("blob:")) return url;
  return `${url}${url.includes("?") ? "&" : "?"}w=${widthPx}`;
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
