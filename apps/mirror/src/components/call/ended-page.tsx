import { useEffect, useRef } from "react";
import type { Desk } from "../../desk";
import type { Ending } from "../../room/ended";
import { Brand } from "../ui/brand";
import { Sign } from "../ui/sign";
import { KeepsakeTray } from "./keepsake-tray";

interface EndedPageProps {
  desk: Desk;
  ending: Ending;
  onBack(): void;
  onHome(): void;
}

const remedies = { back: "Go back in", again: "Try again", home: "To the start" };

/** The call is over: why, and the one thing to do. */
export function EndedPage({ desk, ending, onBack, onHome }: EndedPageProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${ending.title}, Piano Mirror`;
    title.current?.focus();
  }, [ending]);
  // Nobody is looking: the camera's light goes out.
  useEffect(() => desk.media.rest(), [desk]);
  return (
    <div className="page">
      <header className="page-head">
        <Brand />
        {ending.remedy !== "home" && (
          <button type="button" className="link-button" onClick={onHome}>
            To the start
          </button>
        )}
      </header>
      <main className="ended">
        <Sign className="ended-sign" />
        <h1 ref={title} tabIndex={-1}>
          {ending.title}
        </h1>
        <p className="page-lead">{ending.detail}</p>
        <KeepsakeTray keepsakes={desk.keepsakes} />
        <button
          type="button"
          className="button button-primary button-large"
          onClick={ending.remedy === "home" ? onHome : onBack}
        >
          {remedies[ending.remedy]}
        </button>
      </main>
    </div>
  );
}
