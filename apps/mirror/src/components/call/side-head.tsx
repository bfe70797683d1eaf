import type { ReactNode } from "react";
import { initials } from "../../text";

interface SideHeadProps {
  side: "own" | "other";
  name: string;
  detail: string;
  /** Stands in for the picture. */
  showInitials: boolean;
  /** What can be done with the picture. */
  children?: ReactNode;
}

/** Whose piano it is, over the picture. */
export function SideHead({ side, name, detail, showInitials, children }: SideHeadProps) {
  return (
    <div className="side-head">
      {showInitials && (
        <span className="side-initials" aria-hidden="true">
          {initials(name)}
        </span>
      )}
      <div className={showInitials ? "side-names side-names-tall" : "side-names"}>
        <h2>
          <span className="side-mark" data-side={side} aria-hidden="true" />
          {side === "own" ? (
            <>
              <span className="wide-only">{name}</span>
              <span className="phone-only">You</span>
            </>
          ) : (
            name
          )}
        </h2>
        <p>
          {side === "own" && <span className="wide-only">You{detail && ". "}</span>}
          {detail}
        </p>
      </div>
      <div className="side-controls">{children}</div>
    </div>
  );
}
