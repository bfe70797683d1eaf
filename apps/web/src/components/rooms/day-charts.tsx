import { formatCount, plural } from "../../lib/format";
import { FailureNote } from "../ui/failure";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { HourChart } from "./hour-chart";
import type { Hour } from "./hours";
import type { Activity } from "./use-activity";

/** What went on in rooms over the last 24 hours. */
export function DayCharts({ activity }: { activity: Activity | null }) {
  return (
    <Section title="Last 24 hours" className="mt-[26px]">
      {!activity && (
        <Loading label="Loading the last 24 hours">
          <Bone className="mt-4 h-[106px] w-full" />
        </Loading>
      )}
      {activity?.error ? <FailureNote error={activity.error} /> : null}
      {activity && activity.hours.length > 0 && (
        <div className="grid grid-cols-1 gap-x-9 gap-y-6 pt-3 md:grid-cols-2">
          <RoomsChart hours={activity.hours} />
          <MessagesChart hours={activity.hours} />
        </div>
      )}
    </Section>
  );
}

function RoomsChart({ hours }: { hours: Hour[] }) {
  const most = Math.max(0, ...hours.map(({ rooms }) => rooms ?? 0));
  return (
    <div className="min-w-0">
      <ChartHead title="Open rooms" note={`at most ${formatCount(most)}`} />
      <HourChart
        hours={hours}
        field="rooms"
        unit={["open room", "open rooms"]}
        summary={`Open rooms by the hour over the last 24 hours: at most ${plural(most, "room")} at a time`}
      />
    </div>
  );
}

function MessagesChart({ hours }: { hours: Hour[] }) {
  const sum = hours.reduce((total, { messages }) => total + (messages ?? 0), 0);
  return (
    <div className="min-w-0">
      <ChartHead title="Messages" note={`${formatCount(sum)} in all`} />
      <HourChart
        hours={hours}
        field="messages"
        unit={["message", "messages"]}
        summary={`Messages by the hour over the last 24 hours: ${plural(sum, "message")} in all`}
      />
    </div>
  );
}

function ChartHead({ title, note }: { title: string; note: string }) {
  return (
    <h3 className="mb-2 flex items-baseline text-sm">
      <span className="font-[540]">{title}</span>
      <span className="ml-auto text-muted-foreground text-xs tabular-nums">{note}</span>
    </h3>
  );
}
