import type { CronRun } from "@fermata/contract";

/** The error in full, or what the job answered. */
export function RunOutcome({ run }: { run: CronRun }) {
  if (run.error) {
    const [first = "", ...rest] = run.error.split("\n");
    return (
      <>
        <div className="rounded-r-sm border-l-[3px] border-l-destructive bg-destructive-soft px-3 pt-[9px] pb-2.5 text-sm">
          <b className="block font-semibold text-destructive [overflow-wrap:anywhere]">{first}</b>
          {whatNow(run.status)}
        </div>
        {rest.length > 0 && <Written text={rest.join("\n")} />}
      </>
    );
  }
  if (run.status === "skipped") {
    return <Note>A tick that came late, or while another run was going, does nothing.</Note>;
  }
  if (run.status === "lost") {
    return <Note>Its worker died before it reported back. What it had done stays done.</Note>;
  }
  if (run.status === "running") return <Note>The result comes when it ends.</Note>;
  return run.result === null || run.result === undefined ? (
    <Note>It reported no result.</Note>
  ) : (
    <Written text={JSON.stringify(run.result, null, 2)} label="Result" />
  );
}

function whatNow(status: CronRun["status"]): string {
  if (status === "running") return "So ended the attempt before. It is tried again by itself.";
  return status === "lost"
    ? "Nobody reported its end. What it had done stays done; run it again to finish."
    : "What it had done before stays done. Mend the cause, then run it again.";
}

function Note({ children }: { children: string }) {
  return <p className="text-muted-foreground text-sm">{children}</p>;
}

/** Text as it was written, in a box that scrolls. */
export function Written({ text, label = "Details" }: { text: string; label?: string }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={label}
      className="scroll-quiet mt-2.5 max-h-[216px] overflow-auto whitespace-pre-wrap rounded-sm border bg-background px-3 py-[9px] font-mono text-xs leading-[19px] first:mt-0 [overflow-wrap:anywhere]"
    >
      {text}
    </section>
  );
}
