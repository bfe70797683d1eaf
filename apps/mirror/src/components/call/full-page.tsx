import { useEffect, useRef } from "react";
import type { Desk } from "../../desk";
import { useNow } from "../../hooks/use-now";
import type { Call } from "../../room/call";
import { Brand } from "../ui/brand";
import { Sign } from "../ui/sign";
import { KeepsakeTray } from "./keepsake-tray";

interface FullPageProps {
  desk: Desk;
  call: Call;
  /** When a seat is asked for again, in `Date.now()`; null while it is. */
  nextTryAt: number | null;
}

/** Every seat is taken: the page waits for one and goes in by itself. */
export function FullPage({ desk, call, nextTryAt }: FullPageProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const now = useNow(250);
  useEffect(() => {
    document.title = "Waiting for a seat, Piano Mirror";
    title.current?.focus();
  }, []);
  const seconds = nextTryAt === null ? 0 : Math.ceil((nextTryAt - now) / 1000);
  return (
    <div className="page">
      <header className="page-head">
        <Brand />
      </header>
      <main className="ended">
        <Sign className="ended-sign" />
        <h1 ref={title} tabIndex={-1}>
          Every seat is taken
        </h1>
        <p className="page-lead">
          You go in by yourself as soon as one is free. The seat of somebody who vanished is free
          after two minutes.
        </p>
        <p className="full-countdown" aria-hidden="true">
          {seconds > 0 ? `Next try in ${seconds} s` : "Asking for a seat…"}
        </p>
        <KeepsakeTray keepsakes={desk.keepsakes} />
        <div className="full-acts">
          {/* A refusal is told by the room's status, which brings back this page. */}
          <button
            type="button"
            className="button button-primary button-large"
            onClick={() => void call.room.join().catch(() => {})}
          >
            Try now
          </button>
          <button type="button" className="button button-large" onClick={() => void call.leave()}>
            Stop waiting
          </button>
        </div>
      </main>
    </div>
  );
}
